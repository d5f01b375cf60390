using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// The cross-entropy of the student's distribution over K prototypes with the teacher's, centred and sharpened, over all pairs
/// of a teacher's and a student's view that are not the same view.
/// </summary>
/// <remarks>
/// Caron et al. 2021, arXiv:2104.14294, equations 1 to 3 and Algorithm 1. Sharpening (a low teacher temperature) drives towards
/// one prototype, centring towards all alike: together neither wins.
/// </remarks>
public static class DinoLoss
{
    /// <summary>The mean over pairs and items, a scalar. No gradient goes to the teacher.</summary>
    /// <param name="student">Logits [S · N, K], view after view; the first T views are the teacher's.</param>
    /// <param name="teacher">Logits [T · N, K], view after view.</param>
    /// <param name="items">N</param>
    /// <param name="centre">[K], taken from the teacher's logits.</param>
    /// <param name="studentTemperature">Above 0.</param>
    /// <param name="teacherTemperature">Above 0, below the student's to sharpen.</param>
    /// <exception cref="ShapeException">Rows that are not whole views, or more teacher's than student's.</exception>
    /// <exception cref="ArgumentException">One view on each side, the same: there is no pair of different views.</exception>
    public static Tensor Loss(
        Tensor student, Tensor teacher, int items, Tensor centre, float studentTemperature, float teacherTemperature, out DinoStatistics statistics)
    {
        RefuseTemperature(nameof(studentTemperature), studentTemperature);
        RefuseTemperature(nameof(teacherTemperature), teacherTemperature);
        (int students, int teachers) = Views(student, teacher, items);
        int pairs = teachers * (students - 1);
        if (pairs == 0)
        {
            throw new ArgumentException("DinoLoss: teacher and student see the same single view, so there is no pair of different views to compare; give the student more views.", nameof(student));
        }

        Tensor targets, entropy;
        using (Scope scope = Scope.NoGradient())
        {
            Tensor sharpened = Sharpened(teacher, centre, teacherTemperature);
            Tensor q = Ops.Softmax(sharpened);                                  // [T·N, K]
            entropy = scope.Keep(Ops.CrossEntropy(sharpened, q));               // of q with itself
            targets = scope.Keep(OfOtherViews(q, items, students, teachers));   // [S·N, K]
        }

        // The cross-entropy is linear in its targets: one pass over the student's rows takes all pairs of a view together.
        Tensor sum = Ops.CrossEntropy(Ops.Divide(student, studentTemperature), targets);
        Tensor loss = Ops.Multiply(sum, (float)students / pairs);
        statistics = new DinoStatistics(entropy.ToScalar(), loss.ToScalar() - entropy.ToScalar());
        return loss;
    }

    /// <summary>The distributions that a teacher's logits [N, K] stand for, centred and sharpened: rows that add up to 1, without history.</summary>
    public static Tensor Targets(Tensor teacher, Tensor centre, float temperature)
    {
        RefuseTemperature(nameof(temperature), temperature);
        using Scope scope = Scope.NoGradient();
        return scope.Keep(Ops.Softmax(Sharpened(teacher, centre, temperature)));
    }

    private static Tensor Sharpened(Tensor teacher, Tensor centre, float temperature) => Ops.Divide(Ops.Subtract(teacher.Detach(), centre), temperature);

    /// <summary>For each student's view the sum of the teacher's distributions of all other views: rows of mass T, or T − 1.</summary>
    private static Tensor OfOtherViews(Tensor q, int items, int students, int teachers)
    {
        Tensor all = q.Rows(0, items);
        for (int t = 1; t < teachers; t++)
        {
            all = Ops.Add(all, q.Rows(t * items, items));
        }

        var views = new Tensor[students];
        for (int s = 0; s < students; s++)
        {
            views[s] = s < teachers ? Ops.Subtract(all, q.Rows(s * items, items)) : all;
        }

        return Ops.Concat(0, views);
    }

    private static (int Students, int Teachers) Views(Tensor student, Tensor teacher, int items)
    {
        if (student.Rank != 2 || teacher.Rank != 2 || items < 1 || student.Shape[1] != teacher.Shape[1])
        {
            throw ShapeException.Mismatch("DinoLoss", student.Shape, teacher.Shape, "both are [views · items, K]");
        }

        int students = student.Shape[0] / items, teachers = teacher.Shape[0] / items;
        return students * items == student.Shape[0] && teachers * items == teacher.Shape[0] && teachers >= 1 && students >= teachers
            ? (students, teachers)
            : throw ShapeException.Mismatch("DinoLoss", student.Shape, teacher.Shape, $"axis 0 holds whole views of {items} items, and the student sees all that the teacher sees");
    }

    private static void RefuseTemperature(string name, float value)
    {
        if (!(value > 0) || !float.IsFinite(1 / value))
        {
            throw new ArgumentOutOfRangeException(name, $"DinoLoss: the temperature {value} must be above 0.");
        }
    }
}

/// <summary>How sure the teacher is, and how far the student is from it.</summary>
/// <param name="TeacherEntropy">Mean entropy of the teacher's distributions, nats: 0 for a teacher with one answer, ln K for one that has none.</param>
/// <param name="KlDivergence">What the loss has above that entropy: 0 when the student says the same.</param>
public readonly record struct DinoStatistics(double TeacherEntropy, double KlDivergence);
