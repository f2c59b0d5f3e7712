/**
 * Content-Encoding aws-chunked: `<hex length>[;chunk-signature=…]\r\n<data>\r\n … 0\r\n[<trailer>: <value>\r\n …]\r\n`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
import { S3Error } from "../errors.ts";

/** A size line, or a trailer line, is never longer. */
const LINE_BYTES_MAX = 4096;
const TRAILERS_MAX = 16;

type State = "size" | "data" | "afterData" | "trailer" | "end";

interface Decoder {
  state: State;
  line: string;
  missingBytes: number;
}

const parseSize = (line: string): number => {
  const size = /^([0-9a-fA-F]{1,12})(;.*)?$/.exec(line)?.[1];
  if (size === undefined) throw new S3Error("IncompleteBody", "A chunk has no length.");
  return Number.parseInt(size, 16);
};

const readTrailer = (line: string, trailers: Map<string, string>): void => {
  const colon = line.indexOf(":");
  if (colon < 1 || trailers.size >= TRAILERS_MAX) throw new S3Error("MalformedTrailerError");
  trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
};

/** What a whole line (without its CRLF) does in each state that reads lines. */
const LINES = {
  size(decoder: Decoder, line: string) {
    decoder.missingBytes = parseSize(line);
    decoder.state = decoder.missingBytes === 0 ? "trailer" : "data";
  },
  afterData(decoder: Decoder, line: string) {
    if (line !== "") throw new S3Error("IncompleteBody", "A chunk is longer than it says.");
    decoder.state = "size";
  },
  trailer(decoder: Decoder, line: string, trailers: Map<string, string>) {
    if (line === "") decoder.state = "end";
    else readTrailer(line, trailers);
  },
  end() {
    throw new S3Error("IncompleteBody", "There are bytes behind the last chunk.");
  },
} as const;

/** Yields the data as views of the chunks; puts the trailers, in lower case, into `trailers` before it ends. */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const decoder: Decoder = { state: "size", line: "", missingBytes: 0 };
  for await (const chunk of source) {
    let offset = 0;
    while (offset < chunk.length) {
      if (decoder.state === "data") {
        const data = chunk.subarray(offset, offset + decoder.missingBytes);
        decoder.missingBytes -= data.length;
        offset += data.length;
        if (decoder.missingBytes === 0) decoder.state = "afterData";
        yield data;
        continue;
      }
      const lineEnd = chunk.indexOf(0x0a, offset);
      const end = lineEnd < 0 ? chunk.length : lineEnd + 1;
      decoder.line += chunk.toString("latin1", offset, end);
      offset = end;
      if (decoder.line.length > LINE_BYTES_MAX) throw new S3Error("IncompleteBody");
      if (lineEnd < 0) continue;
      const line = decoder.line.replace(/\r?\n$/, "");
      decoder.line = "";
      LINES[decoder.state](decoder, line, trailers);
    }
  }
  // Some clients leave out the last empty line.
  if (decoder.state !== "end" && decoder.state !== "trailer") throw new S3Error("IncompleteBody");
}
