using Xunit;

// The worker pool is one for the process, and tests change its size.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
