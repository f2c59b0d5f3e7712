/** The REST API as an operator's script sees it: plain fetch and the admin token. Types say what tests look at, no more. */

export interface TapeView {
  readonly barcode: string;
  readonly status: string;
  readonly usedBytes: number;
  readonly uploadedBytes: number;
  readonly cachedBytes: number;
  readonly pendingBytes: number;
  readonly generation: number;
  readonly element: { readonly address: number; readonly type: string } | null;
  readonly kmsKeyId: string | null;
}

export interface SegmentView {
  readonly generation: number;
  readonly partition: number;
  readonly number: number;
  readonly firstObject: number;
  readonly endObject: number;
  readonly segmentBytes: number;
  readonly place: "cache" | "cache and store" | "store";
  readonly objectKey: string | null;
  readonly objectBytes: number | null;
  readonly objectSha256: string | null;
}

export interface ApiAnswer<T> {
  readonly status: number;
  readonly body: T;
}

export interface RestApi {
  /** Any request; the status is the caller's to judge. */
  request<T = unknown>(method: string, path: string, body?: unknown): Promise<ApiAnswer<T>>;
  tape(barcode: string): Promise<TapeView>;
  /** Every segment, all pages. */
  segments(barcode: string): Promise<SegmentView[]>;
  createTape(barcode: string, sizeBytes: number): Promise<TapeView>;
}

const PAGE_LIMIT = 100;
const TIMEOUT_MS = 30_000;

/** `token`: the admin token; asked for at each request, since the product makes it while it starts. */
export const restApi = (baseUrl: string, token: () => string): RestApi => {
  const request = async <T>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<ApiAnswer<T>> => {
    const headers: Record<string, string> = { authorization: `Bearer ${token()}` };
    if (body !== undefined) headers["content-type"] = "application/json";
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answer is judged by what a test reads of it
    const parsed = (text === "" ? undefined : JSON.parse(text)) as T;
    return { status: response.status, body: parsed };
  };
  const expecting = async <T>(method: string, path: string, status: number, body?: unknown) => {
    const answer = await request<T>(method, path, body);
    if (answer.status !== status)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return {
    request,
    tape: (barcode) => expecting("GET", `/v1/tapes/${barcode}`, 200),
    createTape: (barcode, sizeBytes) => expecting("POST", "/v1/tapes", 201, { barcode, sizeBytes }),
    segments: async (barcode) => {
      const all: SegmentView[] = [];
      let marker: string | null = "";
      while (marker !== null) {
        const after: string = marker === "" ? "" : `&marker=${encodeURIComponent(marker)}`;
        const path = `/v1/tapes/${barcode}/segments?limit=${PAGE_LIMIT}${after}`;
        const page: { segments: SegmentView[]; marker: string | null } = await expecting(
          "GET",
          path,
          200,
        );
        all.push(...page.segments);
        marker = page.marker;
      }
      return all;
    },
  };
};
