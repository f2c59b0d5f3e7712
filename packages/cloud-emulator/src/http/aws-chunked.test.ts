import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { decodeAwsChunked } from "./aws-chunked.ts";

const decode = async (text: string, chunkBytes = text.length) => {
  const bytes = Buffer.from(text, "latin1");
  const chunks: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; offset += chunkBytes)
    chunks.push(bytes.subarray(offset, offset + chunkBytes));
  const trailers = new Map<string, string>();
  const source: AsyncIterable<Buffer> = Readable.from(chunks);
  let data = "";
  for await (const part of decodeAwsChunked(source, trailers)) data += part.toString("latin1");
  return { data, trailers: Object.fromEntries(trailers) };
};

const WHOLE =
  "5;chunk-signature=abc\r\nhe\r\nl\r\n4\r\no wo\r\n0\r\nx-amz-checksum-crc32:AAAA\r\nX-Other: b\r\n\r\n";

describe("aws-chunked", () => {
  it.each(Array.from({ length: WHOLE.length }, (_, index) => index + 1))(
    "cut every %i bytes → the same data and trailers",
    async (chunkBytes) => {
      expect(await decode(WHOLE, chunkBytes)).toEqual({
        data: "he\r\nlo wo",
        trailers: { "x-amz-checksum-crc32": "AAAA", "x-other": "b" },
      });
    },
  );

  it("without the last empty line → accepted, as some clients leave it out", async () => {
    expect((await decode("1\r\na\r\n0\r\n")).data).toBe("a");
  });

  it.each([
    ["cut in the data", "5\r\nhel"],
    ["cut before the last chunk", "1\r\na\r\n"],
    ["a length that is no number", "zz\r\na\r\n0\r\n\r\n"],
    ["more data than the length says", "1\r\nab\r\n0\r\n\r\n"],
    ["bytes behind the end", "0\r\n\r\nmore\r\n"],
    ["a line without end", "1".repeat(5000)],
  ])("%s → IncompleteBody", async (_what, text) => {
    await expect(decode(text)).rejects.toMatchObject({ code: "IncompleteBody" });
  });

  it("a trailer that is none → MalformedTrailerError", async () => {
    await expect(decode("0\r\nnonsense\r\n\r\n")).rejects.toMatchObject({
      code: "MalformedTrailerError",
    });
  });
});
