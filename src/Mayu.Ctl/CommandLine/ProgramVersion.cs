namespace Mayu.Ctl.CommandLine;

/// <summary>This program's version.</summary>
internal static class ProgramVersion
{
    /// <summary>The version, <c>0.1.0</c>.</summary>
    public static string Text { get; } = typeof(ProgramVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
