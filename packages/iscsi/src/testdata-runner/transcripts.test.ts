/** The protocol stories of testdata/: each file is run, and must read the same afterwards. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Transcript } from "./transcript.ts";

const folder = new URL("../../testdata/", import.meta.url).pathname;

describe.each(readdirSync(folder))("%s", (file) => {
  test("is run → reads as before, and everything lent has come back", async () => {
    const transcript = new Transcript();
    const text = await transcript.run(readFileSync(folder + file, "utf8"));
    await transcript.end();
    await expect(text).toMatchFileSnapshot(folder + file);
  });
});
