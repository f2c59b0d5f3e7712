/** The parameter list of WRITE ATTRIBUTE (SPC-5 6.49): all of it is checked before any of it takes effect. */
import { readBe } from "../../bytes.ts";
import { check, invalidFieldInParameterList } from "../../completion.ts";
import type { Completion } from "../../task.ts";
import type { MediumAttribute } from "../medium.ts";
import { attributeFormat, attributeHeaderLength } from "./attribute.ts";
import { hostAttribute } from "./host-attributes.ts";

const listHeaderLength = 4;
const formatMask = 0x03;

type ParsedAttribute = { readonly attribute: MediumAttribute } | { readonly fault: Completion };
type ParsedList =
  | { readonly attributes: readonly MediumAttribute[] }
  | { readonly fault: Completion };

const truncated = () => ({ fault: check("parameterListLengthError") });
const invalid = (byte: number, bit?: number) => ({ fault: invalidFieldInParameterList(byte, bit) });

/** Attributes come in ascending order of identifier; what lies behind PARAMETER DATA LENGTH is not looked at. */
export function parseAttributeList(list: Uint8Array): ParsedList {
  if (list.length < listHeaderLength) return truncated();
  const end = listHeaderLength + readBe(list, 0, 4);
  if (end > list.length) return truncated();
  const attributes: MediumAttribute[] = [];
  let offset = listHeaderLength;
  while (offset < end) {
    const parsed = parseAttribute(list.subarray(0, end), offset);
    if ("fault" in parsed) return parsed;
    const { attribute } = parsed;
    const before = attributes.at(-1);
    if (before !== undefined && attribute.identifier <= before.identifier)
      return invalid(offset, 7);
    attributes.push(attribute);
    offset += attributeHeaderLength + attribute.value.length;
  }
  return { attributes };
}

function parseAttribute(list: Uint8Array, offset: number): ParsedAttribute {
  const start = offset + attributeHeaderLength;
  if (start > list.length) return truncated();
  const identifier = readBe(list, offset, 2);
  // Attributes of the device and the medium are read only; others are of no type this drive knows.
  const row = hostAttribute(identifier);
  if (row === undefined) return invalid(offset, 7);
  const format = formatOf(list[offset + 2]!);
  if (format === undefined || (row.format !== undefined && row.format !== format)) {
    return invalid(offset + 2, 1);
  }
  const length = readBe(list, offset + 3, 2);
  const isLength = row.variable === true ? length <= row.lengthMax : length === row.lengthMax;
  if (length !== 0 && !isLength) return invalid(offset + 3, 7);
  if (start + length > list.length) return truncated();
  return { attribute: { identifier, format, value: list.slice(start, start + length) } };
}

/** READ ONLY and the reserved bits are not looked at: lists taken over from READ ATTRIBUTE may carry them. */
function formatOf(byte: number): MediumAttribute["format"] | undefined {
  return Object.values(attributeFormat).find((format) => format === (byte & formatMask));
}
