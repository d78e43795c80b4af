#include "case/subject.h"

#include <string.h>

ko_profile ko_subject_profile(const ko_user *user)
{
    char *const *text = user->text;
    return (ko_profile){.name = text[KO_PROFILE_LEGAL_NAME],
                        .company = text[KO_PROFILE_COMPANY],
                        .role = text[KO_PROFILE_ROLE],
                        .address = text[KO_PROFILE_PUBLIC_ADDRESS],
                        .country = text[KO_PROFILE_COUNTRY],
                        .phone = text[KO_PROFILE_PUBLIC_PHONE],
                        .mail = text[KO_PROFILE_PUBLIC_MAIL],
                        .signature = ko_profile_signature(user)};
}

ko_notice_work ko_subject_work(const ko_work *work, const ko_user *user)
{
    const ko_work_fields *f = &work->fields;
    return (ko_notice_work){.serial = ko_work_number(work),
                            .title = f->title,
                            .kind = f->kind,
                            .description = f->description,
                            .author = ko_subject_author(work, user),
                            .holder = ko_subject_holder(work, user),
                            .completed_on = f->completed_on,
                            .published_on = f->published_on,
                            .published_in = f->published_in,
                            .published_url = f->published_url,
                            .registration = f->registration,
                            .registered_in = f->registered_in};
}

const char *ko_subject_holder(const ko_work *work, const ko_user *user)
{
    if (work->fields.holder[0])
        return work->fields.holder;
    if (user->text[KO_PROFILE_HOLDER][0])
        return user->text[KO_PROFILE_HOLDER];
    return ko_subject_author(work, user);
}

const char *ko_subject_author(const ko_work *work, const ko_user *user)
{
    const bool is_agent = strcmp(user->text[KO_PROFILE_ROLE], "agent") == 0;
    if (work->fields.author[0] || is_agent || user->text[KO_PROFILE_COMPANY][0])
        return work->fields.author;
    return user->text[KO_PROFILE_LEGAL_NAME];
}
