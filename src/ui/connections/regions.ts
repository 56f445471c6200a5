/**
 * AWS's regions with S3, as they stood in November 2026; any other can be typed.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/s3.html
 */
export const awsRegions: readonly (readonly [name: string, place: string])[] = [
  ['us-east-1', 'N. Virginia'],
  ['us-east-2', 'Ohio'],
  ['us-west-1', 'N. California'],
  ['us-west-2', 'Oregon'],
  ['eu-central-1', 'Frankfurt'],
  ['eu-central-2', 'Zurich'],
  ['eu-north-1', 'Stockholm'],
  ['eu-south-1', 'Milan'],
  ['eu-south-2', 'Spain'],
  ['eu-west-1', 'Ireland'],
  ['eu-west-2', 'London'],
  ['eu-west-3', 'Paris'],
  ['af-south-1', 'Cape Town'],
  ['ap-east-1', 'Hong Kong'],
  ['ap-east-2', 'Taipei'],
  ['ap-northeast-1', 'Tokyo'],
  ['ap-northeast-2', 'Seoul'],
  ['ap-northeast-3', 'Osaka'],
  ['ap-south-1', 'Mumbai'],
  ['ap-south-2', 'Hyderabad'],
  ['ap-southeast-1', 'Singapore'],
  ['ap-southeast-2', 'Sydney'],
  ['ap-southeast-3', 'Jakarta'],
  ['ap-southeast-4', 'Melbourne'],
  ['ap-southeast-5', 'Malaysia'],
  ['ap-southeast-6', 'New Zealand'],
  ['ap-southeast-7', 'Thailand'],
  ['ca-central-1', 'Montreal'],
  ['ca-west-1', 'Calgary'],
  ['il-central-1', 'Tel Aviv'],
  ['me-central-1', 'UAE'],
  ['me-south-1', 'Bahrain'],
  ['mx-central-1', 'Mexico'],
  ['sa-east-1', 'São Paulo'],
  ['us-gov-east-1', 'GovCloud, US East'],
  ['us-gov-west-1', 'GovCloud, US West'],
  ['cn-north-1', 'Beijing'],
  ['cn-northwest-1', 'Ningxia'],
];

/** What S3-compatible servers mostly call their only region. */
export const defaultRegion = 'us-east-1';

/** The region that an endpoint's host name tells of (`s3.eu-central-1.example.com`), if any. */
export function suggestRegion(endpoint: string): string {
  return (
    /(?:^|[.-])((?:af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d)\b/.exec(
      new URL(endpoint).hostname,
    )?.[1] ?? defaultRegion
  );
}
