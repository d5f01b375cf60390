using Tacit.Data.Augment;
using Tacit.Data.Pictures;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Pictures;

public sealed class ContactSheetTests
{
    /// <summary>Two columns and one row of 64-pixel pictures: twice as large, eight white pixels between and around.</summary>
    [Fact]
    public void SmallPicturesAreEnlargedByAWholeFactorWithGapsBetween()
    {
        Tensor red = Tensor.Zeros(new Shape(1, 64, 64, 3)), corner = Tensor.Zeros(new Shape(1, 64, 64, 3));
        for (int i = 0; i < red.Length; i += 3)
        {
            red.Span[i] = 1;
        }

        corner[0, 63, 63, 2] = 1;
        Picture sheet = ContactSheet.Draw([red, corner], Normalization.None);
        Assert.Equal((280, 144), (sheet.Width, sheet.Height));
        Assert.Equal((255, 255, 255), At(sheet, 7, 7));
        Assert.Equal((255, 0, 0), At(sheet, 8, 8));
        Assert.Equal((255, 0, 0), At(sheet, 135, 135));
        Assert.Equal((255, 255, 255), At(sheet, 136, 136));
        Assert.Equal((255, 255, 255), At(sheet, 143, 20));
        Assert.Equal((0, 0, 0), At(sheet, 144, 20));
        Assert.Equal((0, 0, 0), At(sheet, 269, 135));
        Assert.Equal((0, 0, 255), At(sheet, 270, 134));
        Assert.Equal((0, 0, 255), At(sheet, 271, 135));
        Assert.Equal((255, 255, 255), At(sheet, 272, 135));
    }

    [Fact]
    public void LevelsComeBackExactly()
    {
        Normalization normalization = Normalization.Cifar10;
        for (int level = 0; level < 256; level++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                float seen = (level * normalization.Factor(channel)) + normalization.Offset(channel);
                Assert.Equal(level, normalization.Level(seen, channel));
            }
        }

        Assert.Equal(0, normalization.Level(-100, 0));
        Assert.Equal(255, normalization.Level(100, 0));
    }

    [Fact]
    public void WhatIsNoSheetIsRefused()
    {
        Assert.Throws<TacitException>(() => ContactSheet.Draw([], Normalization.None));
        Assert.Throws<ShapeException>(() => ContactSheet.Draw([Tensor.Zeros(new Shape(1, 4, 4, 3)), Tensor.Zeros(new Shape(1, 4, 5, 3))], Normalization.None));
    }

    private static (int Red, int Green, int Blue) At(Picture picture, int x, int y)
    {
        int at = ((y * picture.Width) + x) * 3;
        return (picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2]);
    }
}
