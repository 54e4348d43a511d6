import { expect, test } from 'vitest';
import { presignedLink } from '../../../../shared/runtime/presigned-link.ts';

const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const example = {
  method: 'GET',
  url: 'https://examplebucket.s3.amazonaws.com/test.txt',
  expiresInSeconds: 86_400,
  atMs: Date.UTC(2013, 4, 24),
  region: 'us-east-1',
} as const;
const signatureOf = (link: string) => new URL(link).searchParams.get('X-Amz-Signature');

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
test("the link of AWS's own example", () => {
  expect(presignedLink(example, credentials)).toBe(
    'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c031957d157751f604d404',
  );
});

test('headers that must come with it are signed, by their values', () => {
  const put = (headers: Record<string, string>) =>
    presignedLink({ ...example, method: 'PUT', headers }, credentials);
  const link = put({ 'content-type': 'image/png', 'content-length': '10' });
  expect(new URL(link).searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host');
  expect(signatureOf(put({ 'content-type': 'image/png', 'content-length': '11' }))).not.toBe(
    signatureOf(link),
  );
});

test('the token of temporary credentials goes along', () => {
  const link = presignedLink(example, { ...credentials, sessionToken: 'a+token/==' });
  expect(link).toContain('X-Amz-Security-Token=a%2Btoken%2F%3D%3D&X-Amz-SignedHeaders=');
});
