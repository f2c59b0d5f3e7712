# SendTargets, login and logout of every target, the devices Linux makes of them, and what the session agreed on.
. ./lib.sh
start_initiator
begun=$(date +%s%N)
seen=$(discover 2>&1) || die "discovery: $(one <<< "$seen")"
note "$seen"
pass "discovery ($(milliseconds "$begun") ms)"
TARGETS=$(awk '{ print $2 }' <<< "$seen" | sort -u)
drives=$(grep -c -- '-tapedrive-' <<< "$TARGETS")
has "SendTargets names a changer" '^iqn\..*-mediachanger$' "$TARGETS"
has "SendTargets names tape drives" '^iqn\..*-tapedrive-01$' "$TARGETS"
for target in $TARGETS; do check "login to ${target##*:}" login "$target"; done
settle
find_devices
note "$(lsscsi -g)"
seen=$(lsscsi -g)
has "lsscsi: the changer" 'mediumx +STK +L700' "$seen"
same "lsscsi: tape drives" "$drives" "$(grep -c -E 'tape +IBM +ULT3580-TD8' <<< "$seen")"
same "st is bound to each drive" "$drives" "${#DRIVES[@]}"
[ -e /dev/sch0 ] && pass "ch is bound to the changer" || fail "ch is bound to the changer: no /dev/sch0"
same "udev links by serial number" "$drives" "$(readlink -f /dev/tape/by-id/*-nst | sort -u | wc -l)"
has "udev link of the changer" changer "$(ls /dev/tape/by-id)"
session=$(iscsiadm -m session -P 3 | sed -n '/mediachanger/,/^Target/p')
note "$(grep -E 'Digest|MaxRecv|MaxXmit|Burst|Immediate|InitialR2T|OutstandingR2T' <<< "$session")"
has "agreed: immediate data" 'ImmediateData: Yes' "$session"
has "agreed: no digests unless asked for" 'HeaderDigest: None' "$session"
before=$(ls /dev/tape/by-id | md5sum)
for target in $TARGETS; do check "logout from ${target##*:}" node "$target" --logout; done
udevadm settle -t 10
same "no devices after logout" 0 "$(ls /sys/class/scsi_generic | wc -l)"
for target in $TARGETS; do
  login "$target" 'node.conn[0].iscsi.HeaderDigest=CRC32C' 'node.conn[0].iscsi.DataDigest=CRC32C' > /tmp/login 2>&1 ||
    fail "login with CRC32C to ${target##*:}: $(one < /tmp/login)"
done
settle
find_devices && pass "the same devices with CRC32C digests" || fail "no devices with CRC32C digests"
has "agreed: digests when asked for" 'DataDigest: CRC32C' "$(iscsiadm -m session -P 3)"
same "names of the devices stay the same" "$before" "$(ls /dev/tape/by-id | md5sum)"
check "sg_inq through digests" sg_inq "$CHANGER"
refuse "login to a target that is not there" login "${TARGETS%%:*}:nobody"
disconnect
