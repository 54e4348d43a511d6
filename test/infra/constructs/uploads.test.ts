import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionsByName, type Resource, resources, synthesise } from '../synthesise.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

describe('Uploads', () => {
  let template: Template;
  let id: string;
  let bucket: Resource;
  beforeAll(async () => {
    template = await synthesise();
    const buckets = resources(template, 'AWS::S3::Bucket');
    expect(buckets).toHaveLength(1);
    [[id, bucket]] = buckets as [[string, Resource]];
  });

  const statementsOf = (type: string) =>
    resources(template, type).flatMap(
      ([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement,
    );

  it('is private and encrypted, and its owner alone owns what is put', () => {
    expect(bucket.Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  it('refuses what comes without TLS, and allows nobody anything', () => {
    expect(statementsOf('AWS::S3::BucketPolicy')).toMatchObject([
      { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ]);
  });

  it('lets files go after a day, broken uploads too', () => {
    expect(bucket.Properties.LifecycleConfiguration).toEqual({
      Rules: [
        {
          ExpirationInDays: 1,
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          Status: 'Enabled',
        },
      ],
    });
  });

  it('takes files from the page of this API alone', () => {
    expect(bucket.Properties.CorsConfiguration).toEqual({
      CorsRules: [
        {
          AllowedOrigins: [{ 'Fn::GetAtt': [expect.stringMatching(/^HttpApi/), 'ApiEndpoint'] }],
          AllowedMethods: ['PUT'],
          AllowedHeaders: ['content-type'],
          MaxAge: 3600,
        },
      ],
    });
  });

  it('is written by create-upload and read by what sends, under uploads/ alone', () => {
    const roleOf = (name: string) => functionsByName(template).get(name)?.Properties.Role['Fn::GetAtt'][0];
    const grants = resources(template, 'AWS::IAM::Policy').flatMap(([, { Properties }]) => {
      const [{ Ref: role }] = Properties.Roles as [{ Ref: string }];
      const { Statement: statements } = Properties.PolicyDocument as { Statement: Statement[] };
      return statements
        .filter(({ Action }) => JSON.stringify(Action).includes('s3:'))
        .map(({ Action, Resource }) => ({ role, action: Action, resource: Resource }));
    });
    const resource = { 'Fn::Join': ['', [{ 'Fn::GetAtt': [id, 'Arn'] }, '/uploads/*']] };
    const byRole = (a: { role: string | undefined }, b: { role: string | undefined }) =>
      String(a.role).localeCompare(String(b.role));
    expect(grants.toSorted(byRole)).toEqual(
      [
        { role: roleOf('create-upload'), action: 's3:PutObject', resource },
        { role: roleOf('send-message'), action: 's3:GetObject', resource },
        { role: roleOf('deliver-sends'), action: 's3:GetObject', resource },
      ].toSorted(byRole),
    );
  });
});
