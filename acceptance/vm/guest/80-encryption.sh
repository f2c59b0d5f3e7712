# The drive's own encryption by stenc: a key on and off, what a host without it can read, and another key.
. ./lib.sh
connect
map_drives
load 1 0
TAPE=${NST[0]}
mkdir -p /tmp/k && cd /tmp/k && cp /job/COVERAGE.md .
M() { mt -f "$TAPE" "$@"; }
# stenc takes a key of 64 hexadecimal digits and a line that describes it.
key() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' > "$1"; printf '\n%s\n' "$2" >> "$1"; }
key first.key "first key"; key second.key "second key"
head -c 1048576 /dev/urandom > plain
write() { M rewind; dd if=plain of="$TAPE" bs=256k iflag=fullblock status=none; }
read_back() { M rewind; dd if="$TAPE" bs=256k iflag=nonblock status=none | cmp -s - plain; }

check "stenc tells the drive's state" stenc -f "$TAPE" --detail
has "encryption is off" 'Drive Encryption: *off' "$(stenc -f "$TAPE" 2>&1)"
check "stenc: on" stenc -f "$TAPE" -e on -k first.key -a 1
seen=$(stenc -f "$TAPE" --detail 2>&1); note "$seen"
has "encryption is on" 'Drive Encryption: *on' "$seen"
check "write with the key" write
check "read with the key" read_back
M rewind
seen=$(stenc -f "$TAPE" --detail 2>&1); note "$seen"
has "the block at the position is enciphered" 'encrypted' "$(grep -i -E 'volume|block' <<< "$seen")"
check "stenc: off" stenc -f "$TAPE" -e off -a 1
refuse "read without a key" read_back
check "stenc: another key" stenc -f "$TAPE" -e on -k second.key -a 1
refuse "read with another key" read_back
check "stenc: the first key again" stenc -f "$TAPE" -e on -k first.key -a 1
check "read with it" read_back
check "stenc: mixed" stenc -f "$TAPE" -e mixed -k first.key -a 1
check "mixed reads what is enciphered" read_back
check "stenc: off at last" stenc -f "$TAPE" -e off -a 1
check "plain blocks go over it" write
check "and are read without a key" read_back
refuse "a key that is too short" bash -c "echo abcd > short.key && stenc -f $TAPE -e on -k short.key -a 1"
empty_drives
disconnect
