using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class AttentionCacheTests
{
    [Fact]
    public void Place_by_place_is_causal_attention()
    {
        const int items = 3, length = 6, dim = 12, heads = 3;
        var attention = new MultiHeadAttention(dim, heads);
        attention.Initialize(4);
        var x = Tensor.From(Hashed.Singles(items * length * dim, 1), new Shape(items, length, dim));
        Tensor whole = attention.Forward(x, new AttentionOptions { Causal = true });
        var cache = new AttentionCache(items, length + 2, heads, dim / heads);

        for (int place = 0; place < length; place++)
        {
            Tensor y = attention.Forward(Ops.Slice(x, 1, place, 1), cache);
            Oracle.AssertClose(Ops.Slice(whole, 1, place, 1).Span, y.Span, 1e-6);
        }
    }
}
