# Who may log in: CHAP one way and mutual, each digest algorithm, every wrong proof, discovery, allow lists, one initiator
# at a time. The rules are set over REST by the host; secrets are made here and printed nowhere.
. ./lib.sh
start_initiator
TARGETS=$(discover | awk '{ print $2 }' | sort -u)
TARGET=$(grep -m 1 -- '-tapedrive-02$' <<< "$TARGETS") || die "no drive 2 at $PORTAL"
ME=$(sed -n 's/^InitiatorName=//p' /etc/iscsi/initiatorname.iscsi)
FRIEND=$ME-friend
iscsiadm -m iface -I friend -o new > /dev/null
iscsiadm -m iface -I friend -o update -n iface.initiatorname -v "$FRIEND" > /dev/null
iscsiadm -m iface -I friend -o update -n iface.transport_name -v tcp > /dev/null
secret() { od -An -N 12 -t x1 /dev/urandom | tr -d ' \n'; }
OURS=$(secret) THEIRS=$(secret) OTHER=$(secret)
CHAP="node.session.auth.authmethod=CHAP node.session.auth.username=backup1 node.session.auth.password=$OURS"
MUTUAL="$CHAP node.session.auth.username_in=gw1 node.session.auth.password_in=$THEIRS"

forget() { node "$TARGET" --logout; node "$TARGET" -o delete; } > /dev/null 2>&1
logged_in() { iscsiadm -m session 2> /dev/null | grep -q -F "$TARGET "; }
# admitted NAME SETTING...: the login succeeds, and the drive answers.
admitted() {
  local name=$1; shift
  if login "$TARGET" "$@" > login.txt 2>&1 && udevadm settle && drive=$(tape_of "$TARGET") && mt -f "$drive" status > login.txt 2>&1
  then pass "$name"; else fail "$name: $(one < login.txt)"; fi
}
# refused NAME SETTING...: there is no session, the initiator says whose fault it was (WHY), the product's log why (TOLD).
refused() {
  local name=$1 begun; shift
  begun=$(date +%s%N)
  if login "$TARGET" node.session.initial_login_retry_max=1 "$@" > login.txt 2>&1; then fail "$name: was admitted"
  elif logged_in; then fail "$name: refused, but there is a session"
  else has "$name ($(milliseconds "$begun") ms)" "${WHY:-authorization failure}" "$(cat login.txt)"; fi
  has "$name: the product's log" "${TOLD:-the name or the secret is wrong}" "$(host refusals)"
  forget
}

check "a rule with CHAP" host access "$TARGET" \
  "{\"credentials\":[{\"chapName\":\"backup1\",\"secret\":\"$OURS\",\"target\":{\"chapName\":\"gw1\",\"secret\":\"$THEIRS\"}}]}"
for algorithm in MD5 SHA1 SHA256 SHA3-256; do
  admitted "CHAP, $algorithm" $CHAP node.session.auth.chap_algs=$algorithm; forget
  admitted "mutual CHAP, $algorithm" $MUTUAL node.session.auth.chap_algs=$algorithm
  [ $algorithm = SHA3-256 ] || forget
done
has "the product says who it is" "$ME chap=backup1 " "$(host session "$TARGET")"
forget
TOLD='asks for CHAP' refused "no proof" node.session.auth.authmethod=None
refused "a wrong secret" $CHAP node.session.auth.password="$OTHER"
refused "a wrong name" $CHAP node.session.auth.username=backup2
refused "the target's own secret and name" $CHAP node.session.auth.username=gw1 node.session.auth.password="$THEIRS"
refused "mutual, our secret wrong" $MUTUAL node.session.auth.password="$OTHER"
TOLD='^$' WHY='non-retryable' refused "mutual, the target's secret another than we know" $MUTUAL node.session.auth.password_in="$OTHER"
TOLD='^$' WHY='non-retryable' refused "mutual, the target's name another than we know" $MUTUAL node.session.auth.username_in=gw2
admitted "the right proof after all these" $MUTUAL

# A rule that changes ends the sessions it no longer allows.
check "a rule with another secret" host access "$TARGET" "{\"credentials\":[{\"chapName\":\"backup1\",\"secret\":\"$OTHER\"}]}"
for tries in $(seq 50); do [ -z "$(host session "$TARGET")" ] && break; sleep 0.2; done
same "the session of the old secret has ended" '' "$(host session "$TARGET")"
forget
refused "the old secret" $CHAP
admitted "the new secret" $CHAP node.session.auth.password="$OTHER"; forget

# Allow lists: who is not on it does not see the target, and does not get in by knowing its name.
seen_by() { iscsiadm -m discoverydb -t st -p "$PORTAL" -I "$1" -o nonpersistent --discover 2> /dev/null | awk '{ print $2 }' | sort -u; }
as_friend() { # [SECONDS]: logs in under the other name, or tries to for so long.
  iscsiadm -m node -T "$TARGET" -p "$PORTAL" -I friend -o new > /dev/null
  iscsiadm -m node -T "$TARGET" -p "$PORTAL" -I friend -o update -n node.session.initial_login_retry_max -v 1 \
    -n 'node.conn[0].timeo.login_timeout' -v "${1:-60}"
  iscsiadm -m node -T "$TARGET" -p "$PORTAL" -I friend --login
}
check "a rule for one initiator" host access "$TARGET" "{\"initiators\":[\"$FRIEND\"]}"
same "SendTargets leaves it out for another" "$(grep -v -x -F "$TARGET" <<< "$TARGETS" | one)" "$(seen_by default | one)"
same "SendTargets shows it to that one" "$(one <<< "$TARGETS")" "$(seen_by friend | one)"
TOLD='not for this initiator' refused "a login of another"
check "a login of that one" as_friend
has "the product has it under that name" "^$FRIEND chap=none" "$(host session "$TARGET")"
forget
check "no rule" host open "$TARGET"
admitted "anybody again"

# One initiator at a time: 0301 until the other has gone.
refuse "a second initiator, who tries for 8 s" as_friend 8
has "it was told why" 'another initiator uses this target' "$(host refusals)"
has "the first is still there" "^$ME " "$(host session "$TARGET")"
check "the first is served meanwhile" mt -f "$(tape_of "$TARGET")" status
iscsiadm -m node -T "$TARGET" -p "$PORTAL" -I default --logout > /dev/null 2>&1
check "the second, when the first has gone" as_friend
forget

# Discovery with CHAP.
discovery() { # NAME=VALUE...
  local setting settings=()
  for setting in reopen_max=1 "$@"; do settings+=(-n "discovery.sendtargets.${setting%%=*}" -v "${setting#*=}"); done
  iscsiadm -m discoverydb -t st -p "$PORTAL" -o delete > /dev/null 2>&1
  iscsiadm -m discoverydb -t st -p "$PORTAL" -o new > /dev/null
  iscsiadm -m discoverydb -t st -p "$PORTAL" -o update "${settings[@]}"
  iscsiadm -m discoverydb -t st -p "$PORTAL" -o nonpersistent --discover
}
check "a rule for discovery" host access discovery "{\"credentials\":[{\"chapName\":\"backup1\",\"secret\":\"$OURS\"}]}"
refuse "discovery without proof" discovery
refuse "discovery with a wrong secret" discovery auth.authmethod=CHAP auth.username=backup1 auth.password="$OTHER"
same "discovery with CHAP" "$(one <<< "$TARGETS")" \
  "$(discovery auth.authmethod=CHAP auth.username=backup1 auth.password="$OURS" | awk '{ print $2 }' | sort -u | one)"
check "no rule for discovery" host open discovery
iscsiadm -m discoverydb -t st -p "$PORTAL" -o delete > /dev/null 2>&1
same "discovery by anybody again" "$(one <<< "$TARGETS")" "$(discover | awk '{ print $2 }' | sort -u | one)"
same "secrets in what the product showed" '0 of 3' "$(host secrets-shown)"
iscsiadm -m iface -I friend -o delete > /dev/null
