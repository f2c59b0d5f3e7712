/** A machine that is not as it should be: its clock an hour off, its AWS_REGION not the bucket's. */
import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import type { RemoteCall } from "./remote-calls.ts";
import { REF, startCloud } from "./testing-vault.ts";

const HOUR_MS = 3_600_000;

it.each([
  ["behind", HOUR_MS],
  ["ahead", -HOUR_MS],
])(
  "a clock an hour %s of the store's → the SDK corrects it for S3 and KMS, a segment goes there and back, and it is told",
  async (_word, theirsAheadMs) => {
    await using cloud = await startCloud({ now: () => Date.now() + theirsAheadMs });
    const calls: RemoteCall[] = [];
    const watch = (call: RemoteCall) => void calls.push(call);
    const vault = cloud.vault({ store: cloud.store({ watch }), keys: cloud.keys({ watch }) });
    const wrappedKey = await vault.createVolumeKey(REF);
    const plaintext = randomBytes(10_000);
    const job = await cloud.job(plaintext, wrappedKey);
    const receipt = await vault.putSegment(job);
    const wanted = { segment: REF, receipt, wrappedKey };
    expect(await vault.readRange(wanted, { offset: 0, byteLength: 10_000 })).toEqual(plaintext);
    expect(new Set(calls.map(({ outcome }) => outcome))).toEqual(new Set(["ok"]));
    for (const { clockAheadSeconds = NaN } of calls)
      expect(Math.abs(clockAheadSeconds + theirsAheadMs / 1000)).toBeLessThan(5);
    // The first call of each client is refused once, and never again.
    expect(calls.filter(({ retries }) => retries > 0)).toHaveLength(2);
  },
);

it("a bucket in another region → both regions and the setting named; set right, the same segment is put", async () => {
  await using cloud = await startCloud({ regionStrict: true });
  const wrappedKey = await cloud.vault().createVolumeKey(REF);
  const job = await cloud.job(randomBytes(3000), wrappedKey);
  const elsewhere = cloud.store({ region: "eu-central-1" });
  const said = {
    code: "STORE_WRONG_REGION",
    message: expect.stringContaining("the bucket is in us-east-1, AWS_REGION is eu-central-1"),
  };
  await expect(elsewhere.check()).rejects.toMatchObject(said);
  await expect(cloud.vault({ store: elsewhere }).putSegment(job)).rejects.toMatchObject(said);
  await expect(elsewhere.list("")[Symbol.asyncIterator]().next()).rejects.toMatchObject(said);
  await expect(cloud.vault().putSegment(job)).resolves.toMatchObject({ segmentBytes: 3000 });
});

it("a key service of another region → KEY_WRONG_REGION, naming the setting", async () => {
  await using cloud = await startCloud({ regionStrict: true });
  await expect(cloud.keys({ region: "eu-central-1" }).check()).rejects.toMatchObject({
    code: "KEY_WRONG_REGION",
    message: expect.stringContaining("AWS_REGION"),
  });
});
