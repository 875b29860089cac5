/**
 * A share of a load is judged by the merge, so on its shard no limit can fail the test that is meant to fail by one. The
 * shard then fails it with these words, and the merge says whether they came true.
 */
export const leftToMerge =
  'the merge of all shards judges whether this test fails, as `test.fail()` says: a share of the load proves nothing';
