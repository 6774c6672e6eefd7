/** Starts and ends that S3 keeps for itself. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const RESERVED_STARTS = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const RESERVED_ENDS = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];

/** Longest name of a bucket, in characters. */
export const MAX_BUCKET_NAME = 63;

/** Why S3 takes no bucket of a name; undefined where it does. */
export function bucketNameProblem(name: string): { readonly what: string; readonly limit: string } | undefined {
  if (!/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(name) || name.length < 3 || name.length > MAX_BUCKET_NAME) {
    return {
      what: 'not a name that S3 allows for a bucket',
      limit: `3 to ${MAX_BUCKET_NAME} characters of a-z 0-9 . -, first and last a letter or digit`,
    };
  }
  if (/\.\.|\.-|-\./.test(name)) {
    return { what: 'S3 refuses a bucket with a dot beside a dot or a hyphen', limit: 'letters or digits on both sides of each dot' };
  }
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return { what: 'S3 refuses a bucket whose name is like an IP address', limit: 'a letter in it' };
  const start = RESERVED_STARTS.find((each) => name.startsWith(each));
  if (start !== undefined) return { what: `S3 keeps names that start with ${start} for itself`, limit: 'another start' };
  const end = RESERVED_ENDS.find((each) => name.endsWith(each));
  return end === undefined ? undefined : { what: `S3 keeps names that end in ${end} for itself`, limit: 'another end' };
}
