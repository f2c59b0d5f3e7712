/** What the services expect to find in the embedded store: a bucket and a KMS key under its alias. Safe to repeat. */
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  KMSClient,
  NotFoundException,
} from "@aws-sdk/client-kms";
import { CreateBucketCommand, HeadBucketCommand, NotFound, S3Client } from "@aws-sdk/client-s3";
import type { CloudCredentials } from "@reelhouse/cloud-emulator";

export interface CloudContents {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: CloudCredentials;
  readonly bucket: string;
  /** `alias/<name>` */
  readonly keyAlias: string;
}

const ensureBucket = async ({ endpoint, region, credentials, bucket }: CloudContents) => {
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } finally {
    client.destroy();
  }
};

const ensureKey = async ({ endpoint, region, credentials, keyAlias }: CloudContents) => {
  const client = new KMSClient({ endpoint, region, credentials });
  try {
    await client.send(new DescribeKeyCommand({ KeyId: keyAlias }));
  } catch (error) {
    if (!(error instanceof NotFoundException)) throw error;
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({ Description: "Reelhouse, embedded" }),
    );
    await client.send(
      new CreateAliasCommand({ AliasName: keyAlias, TargetKeyId: KeyMetadata?.KeyId }),
    );
  } finally {
    client.destroy();
  }
};

export const furnishCloud = async (contents: CloudContents): Promise<void> => {
  await ensureBucket(contents);
  await ensureKey(contents);
};
