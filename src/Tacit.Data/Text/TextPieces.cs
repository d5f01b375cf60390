namespace Tacit.Data.Text;

/// <summary>
/// Cuts text into the pieces within which pairs are merged: a run of letters, of digits or of signs, each with the one space before it,
/// and runs of white space.
/// </summary>
/// <remarks>As GPT-2's, told by bytes: what is not ASCII counts as a letter, so that a character of several bytes stays together.</remarks>
internal ref struct TextPieces(ReadOnlySpan<byte> text)
{
    /// <summary>Longer runs are cut, so that a file without spaces costs no more than others.</summary>
    public const int Longest = 64;

    private ReadOnlySpan<byte> rest = text;

    private enum Kind
    {
        Space,
        Letter,
        Digit,
        Sign,
    }

    /// <summary>The piece that <see cref="MoveNext"/> came to.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly TextPieces GetEnumerator() => this;

    public bool MoveNext()
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        int length = Length(rest);
        Current = rest[..length];
        rest = rest[length..];
        return true;
    }

    private static int Length(ReadOnlySpan<byte> text)
    {
        bool led = text[0] == ' ' && text.Length > 1 && Of(text[1]) != Kind.Space;
        int length = led ? 2 : 1;
        Kind kind = Of(text[length - 1]);
        while (length < text.Length && length < Longest && Of(text[length]) == kind)
        {
            length++;
        }

        // The last space before a word is the word's.
        return kind == Kind.Space && length > 1 && length < text.Length && text[length - 1] == ' ' && Of(text[length]) != Kind.Space ? length - 1 : length;
    }

    private static Kind Of(byte b) => b switch
    {
        (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or 11 or 12 => Kind.Space,
        >= (byte)'0' and <= (byte)'9' => Kind.Digit,
        >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' or >= 128 => Kind.Letter,
        _ => Kind.Sign,
    };
}
