/** What counts as one source of connections: an IPv4 address, or the /64 network of an IPv6 address, which is one host's. */
import { BlockList, isIPv6 } from "node:net";

const groupsOfNetwork = 4;
const groupsOfAddress = 8;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** `::ffff:192.0.2.1`, by which a dual-stack socket calls an IPv4 peer, becomes `192.0.2.1`; a zone is cut off. */
export const plainAddress = (address: string): string =>
  address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");

const groups = (text: string) => (text === "" ? [] : text.split(":"));

export function sourceOf(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.split("::", 2);
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = Array<string>(Math.max(groupsOfAddress - front.length - back.length, 0)).fill("0");
  const network = [...front, ...zeros, ...back].slice(0, groupsOfNetwork);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}

export const isLoopback = (address: string): boolean => {
  const plain = plainAddress(address);
  return loopback.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
};

/** fe80::/10 has a meaning on its own link alone. */
export const isLinkLocal = (address: string): boolean =>
  /^fe[89ab][0-9a-f]:/i.test(plainAddress(address));
