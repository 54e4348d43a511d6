import { type CfnElement, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  HttpMethods,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { GatewayFunction } from './gateway-function.ts';
import type { HttpApi } from './http-api.ts';

/** S3 counts whole days from the next midnight (UTC): a file is there for one to two days. */
const keptFor = Duration.days(1);

/**
 * Files on their way from the owner's disk to Meta. Private: whoever puts or fetches one holds a link that a function
 * signed, which allows one thing with one file, for minutes.
 */
export class Uploads extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ expiration: keptFor, abortIncompleteMultipartUploadAfter: keptFor }],
      // A bucket that holds a file cannot be removed, and would keep the stack from going; it empties itself, and
      // an empty one costs nothing.
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  get bucketLogicalId(): string {
    return Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnElement);
  }

  /** Lets the page of this API put files, and no other site's page. */
  allowFrom({ url }: HttpApi): void {
    this.bucket.addCorsRule({
      allowedOrigins: [url],
      allowedMethods: [HttpMethods.PUT],
      allowedHeaders: ['content-type'],
      maxAge: 3600,
    });
  }

  /** Gives the function the bucket's name and the right to put files, which its links pass on. */
  grantPut(user: GatewayFunction): void {
    this.#grant(user, 's3:PutObject');
  }

  /** Gives the function the bucket's name and the right to fetch files, which its links pass on. No list, no removal. */
  grantFetch(user: GatewayFunction): void {
    this.#grant(user, 's3:GetObject');
  }

  /** Gives the function the bucket's name alone. */
  tell(user: GatewayFunction): void {
    user.setVariable('UPLOADS_BUCKET', this.bucket.bucketName);
  }

  #grant(user: GatewayFunction, action: string): void {
    this.tell(user);
    user.allow([action], [this.bucket.arnForObjects('uploads/*')]);
  }
}
