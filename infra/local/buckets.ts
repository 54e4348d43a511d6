import * as z from 'zod';
import { type Deployment, ofType, propertiesOf } from './deployment.ts';
import { corsRule } from './object-cors.ts';
import type { ObjectStore } from './object-store.ts';

const bucketProperties = z.object({
  CorsConfiguration: z.object({ CorsRules: z.array(corsRule) }).optional(),
  LifecycleConfiguration: z
    .object({ Rules: z.array(z.object({ ExpirationInDays: z.coerce.number().optional() })) })
    .optional(),
});

/** Makes the template's buckets. Encryption and who may list them are AWS's alone. */
export function deployBuckets(deployment: Deployment, objects: ObjectStore): void {
  for (const bucket of ofType(deployment, 'AWS::S3::Bucket')) {
    const { CorsConfiguration, LifecycleConfiguration } = propertiesOf(bucket, bucketProperties);
    const days =
      LifecycleConfiguration?.Rules.flatMap(({ ExpirationInDays }) => ExpirationInDays ?? []) ?? [];
    objects.ensure(bucket.name, {
      cors: CorsConfiguration?.CorsRules ?? [],
      ...(days.length > 0 && { expireAfterDays: Math.min(...days) }),
    });
  }
}
