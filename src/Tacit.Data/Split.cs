namespace Tacit.Data;

/// <summary>Which part of a data set that ships both is meant: <c>train-…</c> or <c>t10k-…</c> (IDX), <c>data_batch_*</c> or <c>test_batch</c> (CIFAR).</summary>
public enum Split
{
    Train,
    Test,
}
