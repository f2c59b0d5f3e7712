/** Signature Version 4 against the example AWS publishes ("GET Bucket (List Objects)", Authenticating Requests). */
import { expect, test } from "vitest";
import { signGet } from "./s3-reader.ts";

test("AWS's example request → AWS's signature", () => {
  const access = {
    endpoint: "https://examplebucket.s3.amazonaws.com",
    bucket: "examplebucket",
    region: "us-east-1",
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  };
  const headers = signGet(access, "/", "max-keys=2&prefix=J", new Date("2013-05-24T00:00:00Z"));
  expect(headers["x-amz-date"]).toBe("20130524T000000Z");
  expect(headers["authorization"]).toContain(
    "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  );
});
