namespace Mayu.Interop.Tests.Network;

/// <summary>The programs that were built with the tests.</summary>
internal static class Programs
{
    public static string Mayu { get; } = Path.Combine(AppContext.BaseDirectory, "mayu");

    public static string Mayuctl { get; } = Path.Combine(AppContext.BaseDirectory, "mayuctl");
}
