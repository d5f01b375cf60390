namespace Tacit.Evaluation.Suite;

/// <summary>Names of the pieces that a data set was cut into.</summary>
internal static class SoundPieces
{
    /// <summary>The recording that a piece is of: its name without <c>[START:END]</c>.</summary>
    public static string Whole(string piece) => piece.EndsWith(']') ? piece[..piece.LastIndexOf('[')] : piece;
}
