/** Receiving a parameter list: all of it or PARAMETER LIST LENGTH ERROR, copied, the transport's buffers let go. */
import type { Call } from "../call.ts";
import { check } from "../completion.ts";
import { chain } from "../maybe-promise.ts";
import type { Completion, DataOut, MaybePromise } from "../task.ts";

/** No list of ours is longer; more is refused before a buffer is asked for. */
export const parameterListLengthMax = 4096;

/** The list, or what the command is refused with. `lengthMax` in bytes. */
export function receiveParameterList(
  call: Call,
  length: number,
  lengthMax = parameterListLengthMax,
): MaybePromise<Uint8Array | Completion> {
  if (length === 0) return new Uint8Array();
  if (length > lengthMax) return check("parameterListLengthError");
  return chain(call.receiveDataOut(length), (data) => {
    const list = takeBytes(data);
    return list.length < length ? check("parameterListLengthError") : list;
  });
}

/** A copy of the (few) bytes. */
function takeBytes(data: DataOut): Uint8Array {
  const bytes = new Uint8Array(data.byteLength);
  let offset = 0;
  for (const view of data.views) {
    bytes.set(view, offset);
    offset += view.length;
  }
  data.release();
  return bytes;
}
