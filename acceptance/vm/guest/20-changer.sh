# The medium changer by mtx and sg_raw: inventory, load, unload, transfer, exchange, import/export, and what it refuses.
. ./lib.sh
connect
check "mtx inquiry" changer inquiry
check "mtx inventory" changer inventory
check "mtx status" changer status
before=$(changer status | sed 's/ *$//')
full=($(full_slots)) empty=($(empty_slots)) mailslots=($(empty_mailslots))
same "drives, to the changer and to iSCSI" "${#DRIVES[@]}" "$(drive_count)"
same "volume tags are unique" "" "$(grep -o 'VolumeTag *= *[^ ]\+' <<< "$before" | sort | uniq -d)"
[ ${#full[@]} -ge 3 ] && [ ${#empty[@]} -ge 1 ] || die "3 full slots and an empty one are needed"
slot=${full[0]} other=${full[1]} tag=$(slot_tag "${full[0]}")
has "barcode of slot $slot" '^[A-Z0-9]{6}L8$' "$tag"
map_drives
pass "DVCID tells the serial number of each drive ($(for i in "${!NST[@]}"; do printf '%s=%s ' "$i" "${NST[$i]}"; done))"

for drive in "${!NST[@]}"; do
  check "load slot $slot into drive $drive" changer load "$slot" "$drive"
  same "drive $drive holds it" "$tag" "$(drive_tag "$drive")"
  online "${NST[$drive]}" && pass "${NST[$drive]} is online" || fail "${NST[$drive]} is not online"
  check "unload it" changer unload "$slot" "$drive"
done
check "load slot $slot again" changer load "$slot" 0
online "${NST[0]}"
same "drive 0 remembers the slot" "$slot" "$(drive_source 0)"
same "slot $slot has no barcode now" "" "$(slot_tag "$slot")"
refuse "load into a full drive" changer load "$other" 0
refuse "load from the slot that is empty now" changer load "$slot" 1
check "PREVENT MEDIUM REMOVAL" sg_prevent --prevent=1 "${SG_OF[${NST[0]}]}"
refuse "unload while removal is prevented" changer unload "$slot" 0
check "ALLOW MEDIUM REMOVAL" sg_prevent --prevent=0 "${SG_OF[${NST[0]}]}"
check "mt offline" mt -f "${NST[0]}" offline
mt -f "${NST[0]}" status 2>&1 | grep -q ONLINE && fail "offline: still online" || pass "offline: no longer online"
same "an ejected cartridge is still in the drive" "$tag" "$(drive_tag 0)"
check "unload after offline" changer unload "$slot" 0
same "the barcode is back" "$tag" "$(slot_tag "$slot")"
refuse "unload an empty drive" changer unload "$slot" 0

check "transfer $slot to ${empty[0]}" changer transfer "$slot" "${empty[0]}"
same "the barcode moved" "$tag" "$(slot_tag "${empty[0]}")"
refuse "transfer from an empty slot" changer transfer "$slot" "$other"
refuse "transfer to a full slot" changer transfer "${empty[0]}" "$other"
check "transfer back" changer transfer "${empty[0]}" "$slot"
refuse "a slot number out of range" changer load 9999 0
[ ${#mailslots[@]} -ge 1 ] || fail "no import/export slot"
check "export to import/export slot ${mailslots[0]}" changer transfer "$slot" "${mailslots[0]}"
same "the barcode is there" "$tag" "$(slot_tag "${mailslots[0]}")"
check "import from there" changer transfer "${mailslots[0]}" "$slot"
same "the barcode came back" "$tag" "$(slot_tag "$slot")"
second=$(slot_tag "$other")
check "exchange $slot with $other" changer exchange "$slot" "$other"
same "the two changed places" "$second $tag" "$(slot_tag "$slot") $(slot_tag "$other")"
check "exchange back" changer exchange "$slot" "$other"
check "position to slot $slot" changer position "$slot"
same "inventory as in the beginning" "$(md5sum <<< "$before")" "$(changer status | sed 's/ *$//' | md5sum)"

# mtx refuses much by itself: the same straight to the device. Mode page 1Dh tells transport, storage and drive addresses.
bytes=($(sg_modes -p 0x1d "$CHANGER" 2> /dev/null | sed '1,/^>>/d' | sed -n 's/^ *[0-9a-f]*0  *//p' | tr -s ' \n' ' '))
[ ${#bytes[@]} -ge 18 ] || die "mode page 1Dh cannot be read"
transport="${bytes[2]} ${bytes[3]}" first_drive=$((0x${bytes[14]}${bytes[15]}))
first_slot=$((0x${bytes[6]}${bytes[7]}))
element() { printf '%02x %02x' $(($1 >> 8)) $(($1 & 255)); }
slot_element() { element $((first_slot + $1 - 1)); }
want_sense "MOVE MEDIUM from an empty element" 'source element empty' "$CHANGER" \
  a5 00 $transport $(slot_element "${empty[0]}") $(element $first_drive) 00 00 00 00
want_sense "MOVE MEDIUM to a full element" 'destination element full' "$CHANGER" \
  a5 00 $transport $(slot_element "$slot") $(slot_element "$other") 00 00 00 00
want_sense "MOVE MEDIUM to no element" 'invalid element address' "$CHANGER" \
  a5 00 $transport $(slot_element "$slot") ff f0 00 00 00 00
want_sense "MOVE MEDIUM from no element" 'invalid element address' "$CHANGER" \
  a5 00 $transport ff f0 $(element $first_drive) 00 00 00 00
check "INITIALIZE ELEMENT STATUS" sg_raw "$CHANGER" 07 00 00 00 00 00
check "INITIALIZE ELEMENT STATUS WITH RANGE" sg_raw "$CHANGER" 37 00 00 00 00 00 00 00 00 00
check "READ ELEMENT STATUS without tags" sg_raw -r 65535 "$CHANGER" b8 00 00 00 ff ff 00 00 ff ff 00 00
check "READ ELEMENT STATUS, current data only" sg_raw -r 65535 "$CHANGER" b8 10 00 00 ff ff 02 00 ff ff 00 00
disconnect
