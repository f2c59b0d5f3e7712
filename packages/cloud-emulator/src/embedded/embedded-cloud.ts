/** Names in the embedded store, as launcher and store agree on them. */
export const EMBEDDED_CLOUD = {
  /** Below the data folder. */
  folder: "cloud",
  credentialsFile: "credentials.json",
  region: "us-east-1",
  bucket: "reelhouse",
  keyAlias: "alias/reelhouse",
} as const;
