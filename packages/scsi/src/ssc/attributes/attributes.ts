/** All attributes of the medium auxiliary memory that exist, in order of identifier. */
import type { AttributeValue, Mam } from "./attribute.ts";
import { deviceAttributes } from "./device-attributes.ts";
import { hostAttributes, hostAttributesOf } from "./host-attributes.ts";
import { mediumAttributes } from "./medium-attributes.ts";

const derivedAttributes = [...deviceAttributes, ...mediumAttributes];

const byIdentifier = (
  one: { readonly identifier: number },
  other: { readonly identifier: number },
): number => one.identifier - other.identifier;

export function attributesOf(mam: Mam): readonly AttributeValue[] {
  const derived = derivedAttributes.flatMap(({ identifier, format, value }): AttributeValue[] => {
    const known = value(mam);
    return known === undefined ? [] : [{ identifier, format, value: known, readOnly: true }];
  });
  const host = hostAttributesOf(mam.medium, mam.partition).map((attribute) => ({
    ...attribute,
    readOnly: false,
  }));
  return [...derived, ...host].sort(byIdentifier);
}

/** Those that are there or may be written. Of the 1,024 vendor specific ones only those that are there are named. */
export function supportedIdentifiers(mam: Mam): readonly number[] {
  const named = [...attributesOf(mam), ...hostAttributes].map(({ identifier }) => identifier);
  return [...new Set(named)].sort((one, other) => one - other);
}
