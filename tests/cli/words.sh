# shellcheck shell=sh
# Words that the cases share. Read by run.sh before each case's cmd.

# Runs a command and prints its exit status after what it printed.
status_of() {
    "$@"
    echo "exit $?"
}

# The sample market, copied so that cases may change it.
copy_market() {
    cp -R "$FIXTURES/market" .
    chmod -R u+w market
}

# A database that knows the works and listings of the sample market, and has scanned them.
# Its photos are those in the copy when there is one.
scanned_market() {
    [ -d market ] || ln -s "$FIXTURES/market" market
    knockoff init >/dev/null
    knockoff add market/works >/dev/null 2>&1
    knockoff ingest market/listings.csv >/dev/null
    knockoff scan >/dev/null 2>&1 || [ $? -eq 1 ]
}

# A database with one work (KO-000001, the wolf) and one listing that shows it.
scanned_wolf() {
    ln -s "$FIXTURES/market" market
    knockoff init >/dev/null
    knockoff add "market/works/Wolf Spirit.png" >/dev/null
    knockoff ingest market/photos/wolf-enamel-pin.jpg >/dev/null
    knockoff scan >/dev/null
}

# 276 photos, nine batches of a scan, ingested into the database $1 with all works.
many_photos() {
    if [ ! -d photos ]; then
        mkdir photos
        cp -R "$FIXTURES/market/photos" photos/1
        rm photos/1/rooster-apron.jpg # the damaged one
        for copy in $(seq 2 4); do
            cp -Rl photos/1 "photos/$copy"
        done
    fi
    knockoff --db "$1" init >/dev/null
    knockoff --db "$1" add "$FIXTURES/market/works" >/dev/null 2>&1
    knockoff --db "$1" ingest photos >/dev/null
}

# All candidates of the database $1, without the times.
queue() {
    knockoff --db "$1" candidates --all --json |
        jq -c 'del(.found_at, .listing.first_seen, .listing.last_seen)'
}

# Starts a scan of the database $1, sends it the signal $2 as soon as something was written
# to the database, and prints its exit status.
scan_until_signal() {
    written=$(stat -c %s "$1-wal" 2>/dev/null || echo 0)
    knockoff --db "$1" scan >/dev/null 2>&1 &
    while kill -0 $! 2>/dev/null &&
        [ "$(stat -c %s "$1-wal" 2>/dev/null || echo 0)" -le "$written" ]; do
        :
    done
    kill -s "$2" $! 2>/dev/null
    { wait $!; } 2>/dev/null # sh says there what killed it
    echo $?
}

# Starts a market (tests/server) with the options given, on a port that is PORT then. end_market
# ends it and prints what it was asked.
start_market() {
    mkfifo market.says
    market --print-port "$@" >market.says &
    market_pid=$!
    trap 'kill "$market_pid" 2>/dev/null' EXIT
    exec 3<market.says
    read -r PORT <&3 && export PORT
}
end_market() {
    kill "$market_pid"
    cat <&3
    exec 3<&-
    trap - EXIT
}

# A database with one work (KO-000001, the wolf) that listings of two marketplaces show, all accepted,
# and their notices built: 1 has three on AliExpress, 2 has one on Etsy. The days of what is due are
# those of today, so cases write DAY for them.
built_notices() {
    ln -s "$FIXTURES/market" market
    {
        echo url,image,seller,title
        for n in 1 2 3; do
            echo "https://www.aliexpress.com/item/100500000000$n.html,market/photos/wolf-enamel-pin.jpg,Pins $n,Wolf $n"
        done
        echo https://www.etsy.com/listing/123000004,market/photos/wolf-enamel-pin.jpg,Moon,Wolf 4
    } >listings.csv
    knockoff init >/dev/null
    knockoff add "market/works/Wolf Spirit.png" >/dev/null
    knockoff ingest listings.csv >/dev/null
    knockoff scan >/dev/null
    knockoff profile set legal_name='Ann Artist' role=owner public_mail=ann@art.example \
        public_phone='+64 3 555 0000' public_address='P.O. box 7, Nelson' country=NZ
    knockoff works set 1 --title 'Wolf Spirit' --published-on 2021-03-04 \
        --published-url https://art.example/wolf >/dev/null
    knockoff candidates accept 1-9 --confirm-good-faith >/dev/null
    knockoff notice build --confirm-authority --no-evidence >/dev/null
}
without_days() {
    sed 's/20[0-9][0-9]-[01][0-9]-[0-3][0-9]/DAY/g; s/ (or later: [^)]*)//'
}

# Prints the events of an iCalendar file as another program reads them, and what is wrong with them.
# The reader is a package of the system, and so of the system's own Python.
read_calendar() {
    /usr/bin/python3 -c '
import sys
from icalendar import Calendar

uids = set()
with open(sys.argv[1], "rb") as file:
    calendar = Calendar.from_ical(file.read())
print(calendar["VERSION"], calendar["PRODID"], calendar.errors)
for event in calendar.walk("VEVENT"):
    alarm, = event.walk("VALARM")
    print("UID", event["UID"], event.errors + alarm.errors, "again" * (event["UID"] in uids))
    print(event["DTSTART"].dt, event["DTEND"].dt, alarm["TRIGGER"].dt, event["DTSTAMP"].dt.tzinfo)
    print(event["SUMMARY"], event.get("DESCRIPTION"), event.get("URL"), sep="\n")
    uids.add(event["UID"])
' "$1"
}

# A key and its certificate for $1, as the file $2 that the passphrase "sesame" opens, for $3 days.
make_key() {
    openssl req -newkey rsa:2048 -nodes -keyout key.pem -subj "/CN=$1" -out request.pem 2>/dev/null
    openssl x509 -req -in request.pem -signkey key.pem -days "$3" -out certificate.pem 2>/dev/null
    openssl pkcs12 -export -inkey key.pem -in certificate.pem -out "$2" -passout pass:sesame
    rm key.pem request.pem certificate.pem
}

# Starts an authority of timestamps (tests/server), on a port that is PORT then and below the
# certificate ca.pem. end_stamper ends it.
start_stamper() {
    mkfifo stamper.says
    stamper ca.pem >stamper.says &
    stamper_pid=$!
    trap 'kill "$stamper_pid" 2>/dev/null' EXIT
    read -r PORT <stamper.says && export PORT
}
end_stamper() {
    kill "$stamper_pid"
    trap - EXIT
}

# The sample market with its listings on several marketplaces, scanned, all its candidates accepted,
# and all stated that their notices need.
accepted_marketplaces() {
    copy_market
    awk -F, 'NR > 1 {
        split("https://www.aliexpress.com/item/10050000000%02d.html " \
              "https://www.temu.com/goods.html?goods_id=6010000%02d https://www.etsy.com/listing/1230000%02d " \
              "https://www.ebay.com/itm/2234567890%02d https://shop.example/item/%02d", urls, " ")
        sub(/^[^,]*/, sprintf(urls[NR % 5 + 1], NR))
    } { print }' market/listings.csv >market/listings.new
    mv market/listings.new market/listings.csv
    scanned_market
    knockoff profile set legal_name='Ann Artist' role=owner public_mail=ann@art.example \
        public_phone='+64 3 555 0000' public_address='P.O. box 7, Nelson'
    for work in 1 2 3 4 5 6 7 8 9 10 11 12; do
        knockoff works set "$work" --published-on 2021-03-04 --published-url "https://art.example/$work"
    done
    knockoff candidates accept --all-shown --confirm-good-faith >/dev/null
}

# Starts knockoff serve on any free port and enters the page: its address is BASE then, the page's
# token TOKEN, and its cookie lies in the file jar. end_server stops it and prints its exit status.
start_server() {
    mkfifo server.says
    knockoff serve --port 0 --json "$@" >server.says &
    server_pid=$!
    trap 'kill "$server_pid" 2>/dev/null' EXIT
    exec 3<server.says
    read -r said <&3
    START=$(echo "$said" | jq -r .url)
    BASE=${START%/start*}
    TOKEN=$(curl -s -c jar -o /dev/null -w '%{redirect_url}' "$START" | sed 's/.*#token=//')
    export BASE START TOKEN
}
end_server() {
    kill -s "${1-TERM}" "$server_pid"
    wait "$server_pid"
    echo "server ended: $?"
    exec 3<&-
    trap - EXIT
}

# Asks that server for the path $1, with more options of curl.
get() {
    path=$1
    shift
    curl -s -b jar -H "X-Knockoff-Token: $TOKEN" "$@" "$BASE$path"
}

# Sends it the JSON $2 as its own page does.
post() {
    get "$1" -H "Origin: $BASE" -H 'Content-Type: application/json' -d "$2"
}

# Decides there by the verb $1, with the fields $2 besides, about the candidates named behind, as the
# list shows them now.
decide() {
    verb=$1
    more=$2
    shift 2
    post /api/decisions "$(get '/api/candidates?state=all' |
        jq -c --arg verb "$verb" --argjson more "$more" --argjson ids "$(printf '%s\n' "$@" | jq -sc .)" \
            '{verb: $verb, candidates: [.candidates[] | select(.candidate | IN($ids[])) | {candidate, seen}]} + $more')"
}

# An authority (ca.pem) and a certificate by it for the host $1, with its key: server.pem, server.key.
make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem \
        -subj '/CN=authority' -days 2 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out request.pem \
        -subj "/CN=$1" -addext "subjectAltName=DNS:$1" 2>/dev/null
    openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -days 2 -copy_extensions copy \
        -out server.pem 2>/dev/null
}

# Starts a mail server with that certificate, on a port that is PORT then; end_mailbox ends it and
# prints what was asked of it. Its library is a package of the system, and so of the system's own
# Python.
start_mailbox() {
    mkfifo mailbox.says
    /usr/bin/python3 "$FIXTURES/../tests/server/mailbox.py" server.pem server.key \
        >mailbox.says 2>mailbox.log &
    mailbox_pid=$!
    trap 'kill "$mailbox_pid" 2>/dev/null' EXIT
    exec 3<mailbox.says
    read -r PORT <&3 && export PORT
}
end_mailbox() {
    kill "$mailbox_pid"
    cat <&3
    exec 3<&-
    trap - EXIT
}

# Starts a receiver of webhooks, on a port that is PORT then; end_receiver ends it and prints what
# came.
start_receiver() {
    mkfifo receiver.says
    /usr/bin/python3 "$FIXTURES/../tests/server/receiver.py" >receiver.says &
    receiver_pid=$!
    trap 'kill "$receiver_pid" 2>/dev/null' EXIT
    exec 3<receiver.says
    read -r PORT <&3 && export PORT
}
end_receiver() {
    kill "$receiver_pid"
    cat <&3
    exec 3<&-
    trap - EXIT
}
