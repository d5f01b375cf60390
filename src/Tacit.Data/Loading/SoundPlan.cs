namespace Tacit.Data.Loading;

/// <summary>What a method needs to see of each recording.</summary>
/// <param name="ViewCount">Views per item.</param>
/// <param name="SameCrop">Whether the views are of the same seconds, changed differently, or of different ones.</param>
public sealed record SoundPlan(int ViewCount = 1, bool SameCrop = true);
