/** The little XML that S3's bodies need: written from strings, read by tag name. Not a parser of XML at large. */

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};
const NAMED: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  amp: "&",
};

const escape = (text: string): string => text.replace(/[&<>"\r]/g, (found) => ESCAPES[found] ?? "");

const unescape = (text: string): string =>
  text.replace(
    /&(?:(lt|gt|quot|apos|amp)|#(\d+)|#x([0-9a-fA-F]+));/g,
    (_, name?: string, decimal?: string, hexadecimal?: string) => {
      if (name !== undefined) return NAMED[name] ?? "";
      return String.fromCodePoint(
        decimal === undefined ? Number.parseInt(hexadecimal ?? "0", 16) : Number(decimal),
      );
    },
  );

export type XmlText = string | number | boolean | null | undefined;

/** `<name>text</name>`; nothing for null and undefined. */
export const leaf = (name: string, text: XmlText): string =>
  text === null || text === undefined ? "" : `<${name}>${escape(String(text))}</${name}>`;

/** An element around finished XML. */
export const node = (name: string, ...children: readonly string[]): string =>
  `<${name}>${children.join("")}</${name}>`;

export const xmlDocument = (root: string, ...children: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${children.join("")}</${root}>`;

const pattern = (name: string): RegExp =>
  new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, "g");

/** Contents of every element of that name, outermost first, not unescaped. */
export const findAll = (xml: string, name: string): readonly string[] =>
  [...xml.matchAll(pattern(name))].map((match) => match[1] ?? "");

/** Text of the first element of that name. */
export const findText = (xml: string, name: string): string | undefined => {
  const inner = pattern(name).exec(xml)?.[1];
  return inner === undefined ? undefined : unescape(inner);
};
