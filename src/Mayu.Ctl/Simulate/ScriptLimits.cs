namespace Mayu.Ctl.Simulate;

/// <summary>What a script may ask of its interpreter. A script comes from whoever answers, and one of half a kilobyte can double a text a hundred times.</summary>
internal static class ScriptLimits
{
    /// <summary>The longest line, value or statement in characters, with its variables filled in. Kernels take a command line of 4,096 at most.</summary>
    public const int LongestText = 16 * 1024;

    /// <summary>The most lines or statements.</summary>
    public const int MostLines = 10_000;

    /// <summary>The most variables that it sets.</summary>
    public const int MostVariables = 256;

    /// <summary>The most commands that are run.</summary>
    public const int MostSteps = 2000;

    /// <summary>The most initial RAM disks of one kernel.</summary>
    public const int MostInitrds = 16;

    /// <summary>Sets a variable.</summary>
    /// <exception cref="ScriptLimitException">It is one too many.</exception>
    public static void Set(Dictionary<string, string> variables, string name, string value)
    {
        variables[name] = value;
        Demand(variables.Count <= MostVariables, $"it sets more than {MostVariables} variables");
    }

    /// <summary>Ends a script that asks for too much.</summary>
    /// <param name="isWithin">Whether it does not.</param>
    /// <param name="why">What it asks for, as half a sentence.</param>
    /// <exception cref="ScriptLimitException">It does.</exception>
    public static void Demand(bool isWithin, string why)
    {
        if (!isWithin)
        {
            throw new ScriptLimitException(why);
        }
    }

    /// <summary>Demands that a text is not too long.</summary>
    /// <exception cref="ScriptLimitException">It is.</exception>
    public static void DemandLength(int length) => Demand(length <= LongestText, $"a line of it is too long: it has more than {LongestText} characters once its variables are filled in");

    /// <summary>Runs a script within the limits.</summary>
    public static LoaderOutcome Run(Func<LoaderOutcome> script)
    {
        try
        {
            return script();
        }
        catch (ScriptLimitException e)
        {
            return new LoaderOutcome.Nothing(e.Message);
        }
    }
}

/// <summary>A script asks for more than it may. The message says what, as half a sentence.</summary>
internal sealed class ScriptLimitException(string why) : Exception(why);
