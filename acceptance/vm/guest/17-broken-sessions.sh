# Sessions that break in the middle of a write: TCP resets from the portal's side and from ours, a link that is gone for a
# while, longer than a nexus is kept, a writer and an iscsid that are killed, a logout. What was acknowledged is on the
# tape, nothing is there twice, whoever asks for the position can write on, and nobody is locked out.
. ./lib.sh
connect
map_drives
load 1 0
TARGET=$(target_of "${NST[0]}")
BLOCK=262144
mkdir -p /tmp/b && cd /tmp/b && cp /job/COVERAGE.md .
head -c $((56 * 1048576)) /dev/urandom > random
head -c $((24 * 1048576)) random > less
NETWORK=$(ls /sys/class/net | grep -v '^lo$' | head -n 1)

# The drive's session goes through the relay, which can break it; again and again, so that each case begins afresh.
fresh() {
  iscsiadm -m node -T "$TARGET" --logout > /dev/null 2>&1
  iscsiadm -m node -T "$TARGET" -o delete > /dev/null 2>&1
  host reset > /dev/null
  PORTAL=$RELAY login "$TARGET" "$@" > login.txt 2>&1 || { fail "login through the relay: $(one < login.txt)"; return 1; }
  udevadm settle -t 20
  TAPE=$(tape_of "$TARGET") && online "$TAPE" && mt -f "$TAPE" rewind && mt -f "$TAPE" setblk 0 || { fail "no tape through the relay"; return 1; }
}
# begin NAME [FILE]: archive 1, which the filemark behind it makes safe. FILE is what archive 2 shall be.
begin() {
  NAME=$1 FILE=${2:-less}
  note "== $NAME"
  dd if=random of="$TAPE" bs=$BLOCK count=8 status=none || { fail "$NAME: archive 1"; return 1; }
}
# archive 1 as it was; and of archive 2 all of it, or (prefix) whole blocks from its beginning.
finish() {
  local length
  mt -f "$TAPE" rewind || { fail "$NAME: rewind"; return; }
  dd if="$TAPE" of=back bs=1M status=none 2> dd.txt
  cmp -s back <(head -c $((8 * BLOCK)) random) && pass "$NAME: archive 1 reads back equal" || fail "$NAME: archive 1: $(one < dd.txt)"
  dd if="$TAPE" of=back bs=1M status=none 2> dd.txt
  length=$(stat -c %s back)
  if [ "${1:-}" != prefix ]; then
    cmp -s back "$FILE" && pass "$NAME: $length bytes read back equal" || fail "$NAME: archive 2 has $length bytes: $(one < dd.txt)"
  elif [ $((length % BLOCK)) = 0 ] && [ "$length" -ge "${2:-0}" ] && cmp -s back <(head -c "$length" "$FILE"); then pass "$NAME: $length bytes of archive 2, whole blocks, equal"
  else fail "$NAME: $length bytes of archive 2 (at least ${2:-0} wanted): $(one < dd.txt)"; fi
  rm -f back
}
# write_through COMMAND...: writes archive 2, and runs the command when half of it is written.
write_through() {
  local status begun; begun=$(date +%s%N)
  coproc WRITER { exec perl /job/writer.pl "$TAPE" "$FILE" $BLOCK 2>&1; }
  local pid=$WRITER_PID from=${WRITER[0]} to=${WRITER[1]} line
  exec 7<&"$from" 8>&"$to"
  : > written.txt
  while read -r -u 7 line; do
    echo "$line" >> written.txt
    [ "$line" = half ] && { "$@" >> written.txt 2>&1; echo go >&8; }
  done
  wait "$pid"; status=$?
  exec 7<&- 8>&-
  note "$(cat written.txt)"
  note "$(milliseconds "$begun") ms"
  [ $status = 0 ] && pass "$NAME: written to its end ($(tail -n 1 written.txt))" || fail "$NAME: the writer: exit $status: $(tail -n 2 written.txt | one)"
}
errors() { grep -c '^error' written.txt; }

# 1. Between two writes. Where a ping has told the target in between that its last answer arrived, nobody notices; where
# not, the target cannot know, and says so once.
pause() { sleep 3; host reset; }
fresh 'node.conn[0].timeo.noop_out_interval=1' && begin "reset between two writes, a ping before it" &&
  { write_through pause; same "$NAME: errors that the writer saw" 0 "$(errors)"; finish; }
fresh && begin "reset right after a write" && { write_through host reset; same "$NAME: errors that the writer saw" 1 "$(errors)"; finish; }
# 2. In the middle of a write, where the relay counts bytes.
fresh && begin "reset amid a write" random && { write_through host reset-after 5000000; finish; }
fresh 'node.conn[0].iscsi.HeaderDigest=CRC32C' 'node.conn[0].iscsi.DataDigest=CRC32C' node.session.iscsi.InitialR2T=Yes node.session.iscsi.ImmediateData=No &&
  begin "three resets amid writes, digests, every byte asked for" &&
  { write_through host reset-after 3000000 3; same "$NAME: errors that the writer saw" 3 "$(errors)"; finish; }
# 3. The socket is taken away on our side.
fresh && begin "ss -K" && { write_through bash -c "ss -K dst ${RELAY%:*} dport = :${RELAY#*:} | tail -n 1"; finish; }
# 4. The link is gone for a while: TCP makes it good.
away() { ip link set "$NETWORK" down; (sleep "$1"; ip link set "$NETWORK" up) & }
fresh && begin "link down for 6 s" && { write_through away 6; wait; same "$NAME: errors that the writer saw" 0 "$(errors)"; finish; }
# 5. Longer than a nexus is kept (20 s).
fresh && begin "cut off for 26 s amid a write" && { write_through host reset-after 5000000 1 26; finish; }
# 6. iscsid dies, the session is reset, and another iscsid takes it over.
orphan() { pkill -9 -x iscsid; sleep 0.2; host reset-after 1000000; (sleep 3; iscsid) & }
fresh && begin "iscsid killed, then a reset" && { write_through orphan; wait; finish; }

# 7. Who writes is killed; then the session is logged out under the writer.
half_way() { local tries; for tries in $(seq 300); do [ "$(sed -n 's/^wchar: //p' "/proc/$1/io" 2> /dev/null || echo 0)" -ge 8000000 ] && return; sleep 0.02; done; return 1; }
fresh && begin "kill -9 of the writer" random && {
  dd if="$FILE" of="$TAPE" bs=$BLOCK 2> dd.txt & writer=$!
  half_way $writer && kill -9 $writer; wait $writer 2> /dev/null
  same "$NAME: it died of it" 137 $?
  finish prefix 7000000
}
fresh && begin "logout amid a write" random && {
  dd if="$FILE" of="$TAPE" bs=$BLOCK 2> dd.txt & writer=$!
  half_way $writer
  check "$NAME: logout" timeout 60 iscsiadm -m node -T "$TARGET" --logout
  wait $writer; [ $? != 0 ] && pass "$NAME: the writer was told ($(grep error dd.txt | one))" || fail "$NAME: the writer saw nothing"
  fresh && finish prefix 7000000
}

# 8. A host that is away has 20 s; then another may log in, and the first comes back when that one has gone.
FRIEND=$(sed -n 's/^InitiatorName=//p' /etc/iscsi/initiatorname.iscsi)-friend
iscsiadm -m iface -I friend -o new > /dev/null
iscsiadm -m iface -I friend -o update -n iface.initiatorname -v "$FRIEND" > /dev/null
iscsiadm -m iface -I friend -o update -n iface.transport_name -v tcp > /dev/null
as_friend() { iscsiadm -m node -T "$TARGET" -p "$PORTAL" -I friend "$@"; }
fresh && as_friend -o new > /dev/null && {
  as_friend -o update -n 'node.conn[0].timeo.login_timeout' -v 60
  host refusals > /dev/null
  host cut 26 > /dev/null
  check "a host is away: another logs in" as_friend --login
  has "when the time of the first was over" 'another initiator uses this target' "$(host refusals)"
  for tries in $(seq 100); do [ -n "$(host refusals)" ] && break; sleep 0.2; done
  has "the other stays when the first returns" "^$FRIEND " "$(host session "$TARGET")"
  check "and logs out" as_friend --logout
  for tries in $(seq 150); do [ -n "$(host session "$TARGET")" ] && break; sleep 0.2; done
  has "the first comes back by itself" "^${FRIEND%-friend} " "$(host session "$TARGET")"
  check "and is served" online "$TAPE"
}
iscsiadm -m iface -I friend -o delete > /dev/null 2>&1
iscsiadm -m node -T "$TARGET" --logout > /dev/null 2>&1
iscsiadm -m node -T "$TARGET" -o delete > /dev/null 2>&1
login "$TARGET" > /dev/null 2>&1; settle
empty_drives
disconnect
