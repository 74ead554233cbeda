"""Looks into a bucket: s3.py ENDPOINT put KEY FILE | list PREFIX | get KEY FILE"""

import sys

import boto3

any_key = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
s3 = boto3.client("s3", endpoint_url=sys.argv[1], region_name="us-east-1", **any_key)
what, key, *file = sys.argv[2:]
if what == "put":
    s3.create_bucket(Bucket="bucket")
    s3.upload_file(file[0], "bucket", key)
elif what == "get":
    s3.download_file("bucket", key, file[0])
else:
    for item in s3.list_objects_v2(Bucket="bucket", Prefix=key).get("Contents", []):
        print(item["Key"])
