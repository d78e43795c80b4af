#include "case/fact_command.h"

#include "notice/facts.h"

#include <assert.h>
#include <string.h>

/* Which field of the profile or the work a fact is, says case/subject.c. */
static const struct {
    const char *fact, *command;
} commands[] = {
    {"profile.name", "profile set legal_name=..."},
    {"profile.company", "profile set company=..."},
    {"profile.role", "profile set role=..."},
    {"profile.address", "profile set public_address=..."},
    {"profile.country", "profile set country=..."},
    {"profile.phone", "profile set public_phone=..."},
    {"profile.mail", "profile set public_mail=..."},
    {"profile.signature", "profile set signature=..."},
    {"work.title", "works set SERIAL --title ..."},
    {"work.kind", "works set SERIAL --kind ..."},
    {"work.description", "works set SERIAL --description ..."},
    {"work.author", "works set SERIAL --author ..."},
    {"work.holder", "works set SERIAL --holder ..."},
    {"work.completed_on", "works set SERIAL --completed-on ..."},
    {"work.published_on", "works set SERIAL --published-on ..."},
    {"work.published_in", "works set SERIAL --published-in ..."},
    {"work.published_url", "works set SERIAL --published-url ..."},
    {"work.registration", "works set SERIAL --registration ..."},
    {"work.registered_in", "works set SERIAL --registered-in ..."},
    {"affirmed.good_faith", "candidates accept N..."},
    {"affirmed.authority", "notice build --confirm-authority"},
};

const char *ko_fact_command(const char *fact)
{
    assert(ko_fact_exists(fact, strlen(fact)));
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].fact, fact) == 0)
            return commands[i].command;
    return NULL;
}

ko_status ko_fact_command_write(const char *fact, const char *serial, ko_buf *out)
{
    static const char placeholder[] = "SERIAL";
    const char *command = ko_fact_command(fact);
    const char *at = command ? strstr(command, placeholder) : NULL;
    if (at)
        return ko_buf_printf(out, "knockoff %.*s%s%s", (int)(at - command), command, serial,
                             at + strlen(placeholder));
    return command ? ko_buf_printf(out, "knockoff %s", command) : KO_OK;
}
