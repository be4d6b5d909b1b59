using System;

/// <summary>What was claimed, and what of it does not hold.</summary>
public static class Claims
{
    static int count;
    static int failures;

    public static void That(string what, bool isTrue)
    {
        count++;
        if (!isTrue)
        {
            failures++;
            Console.WriteLine("does not hold: " + what);
        }
    }

    /// <summary>Tell how it went; the exit code.</summary>
    public static int Report()
    {
        Console.WriteLine("claims " + count + " failures " + failures);
        return failures;
    }
}
