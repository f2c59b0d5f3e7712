/** Errors as AWS answers them: one row each. */

interface ErrorRow {
  readonly httpStatus: number;
  readonly message: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const S3_ERRORS = {
  AccessDenied: { httpStatus: 403, message: "Access Denied" },
  AuthorizationHeaderMalformed: {
    httpStatus: 400,
    message: "The authorization header is malformed.",
  },
  BadDigest: { httpStatus: 400, message: "A checksum you gave did not match what we received." },
  BucketAlreadyOwnedByYou: { httpStatus: 409, message: "The bucket exists, and you own it." },
  BucketNotEmpty: { httpStatus: 409, message: "The bucket you tried to delete is not empty." },
  EntityTooSmall: {
    httpStatus: 400,
    message: "A part other than the last is smaller than 5 MiB.",
  },
  IncompleteBody: { httpStatus: 400, message: "The body has not the length its headers say." },
  InternalError: { httpStatus: 500, message: "The emulator failed; see its log." },
  InvalidAccessKeyId: { httpStatus: 403, message: "The access key id does not exist." },
  InvalidArgument: { httpStatus: 400, message: "Invalid argument." },
  InvalidBucketName: { httpStatus: 400, message: "The bucket name is not valid." },
  InvalidBucketState: { httpStatus: 409, message: "The bucket's state does not allow this." },
  InvalidObjectState: {
    httpStatus: 403,
    message: "The operation is not valid for the object's storage class.",
  },
  InvalidPart: { httpStatus: 400, message: "A part is missing or has another ETag." },
  InvalidPartOrder: { httpStatus: 400, message: "The parts are not in ascending order." },
  InvalidRange: { httpStatus: 416, message: "The requested range is not satisfiable." },
  InvalidRequest: { httpStatus: 400, message: "Invalid request." },
  InvalidURI: { httpStatus: 400, message: "The path could not be decoded." },
  KeyTooLongError: { httpStatus: 400, message: "The key is longer than 1024 bytes." },
  MalformedTrailerError: { httpStatus: 400, message: "The trailer is not what was announced." },
  MalformedXML: { httpStatus: 400, message: "The XML is not well-formed." },
  MethodNotAllowed: { httpStatus: 405, message: "The method is not allowed on this resource." },
  MissingContentLength: { httpStatus: 411, message: "Content-Length is required." },
  NoSuchBucket: { httpStatus: 404, message: "The bucket does not exist." },
  NoSuchKey: { httpStatus: 404, message: "The key does not exist." },
  NoSuchObjectLockConfiguration: {
    httpStatus: 404,
    message: "The object has no Object Lock configuration.",
  },
  NoSuchUpload: { httpStatus: 404, message: "The multipart upload does not exist." },
  NoSuchVersion: { httpStatus: 404, message: "The version does not exist." },
  NotImplemented: { httpStatus: 501, message: "The emulator does not do this." },
  ObjectLockConfigurationNotFoundError: {
    httpStatus: 404,
    message: "The bucket has no Object Lock configuration.",
  },
  ObjectNotInActiveTierError: { httpStatus: 403, message: "The source object is archived." },
  PreconditionFailed: { httpStatus: 412, message: "A precondition you gave does not hold." },
  RequestTimeTooSkewed: {
    httpStatus: 403,
    message: "The request's time and the server's differ too much.",
  },
  RestoreAlreadyInProgress: { httpStatus: 409, message: "Object restore is already in progress." },
  SignatureDoesNotMatch: { httpStatus: 403, message: "The signature does not match." },
  SlowDown: { httpStatus: 503, message: "Please reduce your request rate." },
  XAmzContentSHA256Mismatch: {
    httpStatus: 400,
    message: "x-amz-content-sha256 does not match what we received.",
  },
} as const satisfies Record<string, ErrorRow>;
export type S3ErrorCode = keyof typeof S3_ERRORS;

/** https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html and each operation's page. */
export const KMS_ERRORS = {
  AlreadyExistsException: { httpStatus: 400, message: "The alias exists already." },
  DisabledException: { httpStatus: 400, message: "The key is disabled." },
  IncorrectKeyException: {
    httpStatus: 400,
    message: "The key in the request is not the one that made the ciphertext.",
  },
  InvalidCiphertextException: { httpStatus: 400, message: "" },
  InvalidSignatureException: { httpStatus: 400, message: "The signature does not match." },
  KMSInternalException: { httpStatus: 500, message: "The emulator failed; see its log." },
  KMSInvalidStateException: { httpStatus: 400, message: "The key's state does not allow this." },
  NotFoundException: { httpStatus: 400, message: "The key or alias is not found." },
  ThrottlingException: { httpStatus: 400, message: "Rate exceeded." },
  UnknownOperationException: { httpStatus: 400, message: "The emulator does not do this." },
  UnrecognizedClientException: { httpStatus: 400, message: "The security token is invalid." },
  ValidationException: { httpStatus: 400, message: "The input is not valid." },
} as const satisfies Record<string, ErrorRow>;
export type KmsErrorCode = keyof typeof KMS_ERRORS;

export class S3Error extends Error {
  readonly code: S3ErrorCode;
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: S3ErrorCode,
    message: string = S3_ERRORS[code].message,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.code = code;
    this.httpStatus = S3_ERRORS[code].httpStatus;
    this.headers = headers;
  }
}

export class KmsError extends Error {
  readonly code: KmsErrorCode;
  readonly httpStatus: number;

  constructor(code: KmsErrorCode, message: string = KMS_ERRORS[code].message) {
    super(message);
    this.code = code;
    this.httpStatus = KMS_ERRORS[code].httpStatus;
  }
}
