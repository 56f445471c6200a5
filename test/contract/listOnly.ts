import assert from 'node:assert/strict';
import type { AccessKey } from '../../src/core/connection.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Subject } from './subject.ts';

/**
 * Credentials that may list a bucket and do nothing else with it: of a session with a policy (MinIO,
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html), else the same as always
 * and a policy on the bucket, which binds its owner too.
 */
export async function listOnly(
  { server, raw }: Pick<Subject, 'server' | 'raw'>,
  bucket: string,
): Promise<Partial<AccessKey>> {
  if (server.like === 'minio') {
    const policy = policyOf([
      { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [`arn:aws:s3:::${bucket}`] },
    ]);
    const parameters = { Action: 'AssumeRole', Version: '2011-06-15', Policy: policy };
    const answer = await raw.send({
      ...{ method: 'POST', service: 'sts', body: String(new URLSearchParams(parameters)) },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    assert.equal(answer.status, 200);
    const field = (name: string): string =>
      new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer.body.toString())?.[1] ?? '';
    return {
      accessKeyId: field('AccessKeyId'),
      secretAccessKey: new Secret(field('SecretAccessKey')),
      sessionToken: new Secret(field('SessionToken')),
    };
  }
  const denied = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];
  const resources = [`arn:aws:s3:::${bucket}/*`, `arn:aws:s3:::${bucket}`];
  const body = policyOf([{ Effect: 'Deny', Principal: '*', Action: denied, Resource: resources }]);
  const { status } = await raw.send({ method: 'PUT', bucket, query: { policy: '' }, body });
  assert.ok(status < 300);
  return {};
}

function policyOf(statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
