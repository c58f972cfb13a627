namespace Mayu.Server;

/// <summary>What nothing handled ends the program with a sentence.</summary>
internal static class UnhandledFailure
{
    /// <summary>The sentence: the disk's failure, or a defect.</summary>
    /// <param name="failed">What happened.</param>
    /// <param name="isDebug">Whether a defect is told with its stack trace.</param>
    public static string Describe(Exception failed, bool isDebug) => failed is IOException or UnauthorizedAccessException
        ? $"mayu: an error while reading or writing: {failed.Message}"
        : $"mayu: a defect in mayu, please report it: {(isDebug ? failed : $"{failed.GetType().Name}: {failed.Message}")}";
}
