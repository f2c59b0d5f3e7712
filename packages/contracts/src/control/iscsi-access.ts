/** Who may log in to a target, and to discovery, and what they have to prove (RFC 7143 9.2). Secrets go in and never come out. */
import { z } from "zod";

/** RFC 7143 9.2.1: 96 bits of randomness at the least; 255 is what initiators take. */
export const chapSecretBytesMin = 12;
export const chapSecretBytesMax = 255;
const credentialsMax = 256;

/** An iSCSI name (RFC 7143 4.2.7). Letters count the same in both cases. */
export const iscsiName = z
  .string()
  .max(223)
  .regex(
    /^(?:[iI][qQ][nN]\.[0-9]{4}-[0-9]{2}\.[A-Za-z0-9.:-]+|[eE][uU][iI]\.[0-9A-Fa-f]{16}|[nN][aA][aA]\.(?:[0-9A-Fa-f]{16}){1,2})$/,
    "is no iSCSI name: iqn.…, eui.… or naa.…",
  );

export const chapName = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "is not 1 to 255 printable characters without spaces");

export const chapSecret = z.string().refine(
  (secret) => {
    const bytes = new TextEncoder().encode(secret).length;
    return bytes >= chapSecretBytesMin && bytes <= chapSecretBytesMax;
  },
  { error: `must have ${chapSecretBytesMin} to ${chapSecretBytesMax} bytes` },
);

const targetProof = z.strictObject({ chapName, secret: chapSecret });

/** One initiator's name and secret; `target`: with what the target proves itself to it (mutual CHAP). */
export const chapCredential = z.strictObject({
  /** Null: every initiator that has no credential of its own. */
  initiatorName: iscsiName.nullable().default(null),
  chapName,
  secret: chapSecret,
  target: targetProof.nullable().default(null),
});
export type ChapCredential = z.infer<typeof chapCredential>;

const credentials = z
  .array(chapCredential)
  .max(credentialsMax)
  .default([])
  .superRefine((list, context) => {
    const seen = new Set<string | null>();
    for (const [index, { initiatorName, secret, target }] of list.entries()) {
      const name = initiatorName?.toLowerCase() ?? null;
      if (seen.has(name))
        context.addIssue({
          code: "custom",
          path: [index, "initiatorName"],
          message: "has a credential already",
        });
      seen.add(name);
      if (target?.secret === secret)
        context.addIssue({
          code: "custom",
          path: [index, "target", "secret"],
          message: "is the secret of the other direction, too",
        });
    }
  });

export const targetAccess = z.strictObject({
  /** Who may use the target and is shown it; null: everybody. */
  initiators: z.array(iscsiName).max(credentialsMax).nullable().default(null),
  /** Whether several initiators may be logged in at a time, as clusters of media servers want. */
  severalInitiators: z.boolean().default(false),
  /** Empty: nothing has to be proven. */
  credentials,
});
export type TargetAccess = z.infer<typeof targetAccess>;

export const discoveryAccess = z.strictObject({ credentials });
export type DiscoveryAccess = z.infer<typeof discoveryAccess>;

const credentialView = z.object({
  initiatorName: z.string().nullable(),
  chapName: z.string(),
  target: z.object({ chapName: z.string() }).nullable(),
});

/** Where it was said: nowhere, over the API, or in the gateway's access file, which the API does not change. */
const source = z.enum(["default", "api", "file"]);

export const targetAccessView = z.object({
  targetName: z.string(),
  source,
  initiators: z.array(z.string()).nullable(),
  severalInitiators: z.boolean(),
  credentials: z.array(credentialView),
});
export type TargetAccessView = z.infer<typeof targetAccessView>;

export const discoveryAccessView = z.object({ source, credentials: z.array(credentialView) });
export type DiscoveryAccessView = z.infer<typeof discoveryAccessView>;

/** GET, PUT and DELETE. */
export const controlTargetAccess = {
  path: "/control/v1/iscsi/targets/:targetName/access",
  params: z.object({ targetName: z.string().max(223) }),
} as const;

/** GET, PUT and DELETE. */
export const controlDiscoveryAccess = { path: "/control/v1/iscsi/discovery/access" } as const;
