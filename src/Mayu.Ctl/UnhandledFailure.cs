using Mayu.Client.Text;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl;

/// <summary>What no command handled ends the program with a sentence and an exit code.</summary>
internal static class UnhandledFailure
{
    /// <summary>What happened, as a sentence. Requests return their failures, so this is the output, on a full disk for example; or a defect.</summary>
    public static string Describe(Exception failed) => failed is IOException or UnauthorizedAccessException
        ? $"the output cannot be written: {failed.Message}"
        : $"a defect in mayuctl, please report it: {failed.GetType().Name}: {failed.Message}";

    /// <summary>Prints what happened to stderr.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(Exception failed, string[] words)
    {
        if (CtlConsole.IsReaderGone(failed))
        {
            // head has what it wanted. What the command itself came to is not known here, so it is no success.
            return ExitCode.Failed;
        }

        try
        {
            Console.Error.WriteLine("mayuctl: " + PrintableText.Escape(Describe(failed)));
            if (words.Contains("--debug"))
            {
                Console.Error.WriteLine(failed);
            }
        }
        catch (IOException)
        {
            // Nobody can be told.
        }

        return ExitCode.Failed;
    }
}
