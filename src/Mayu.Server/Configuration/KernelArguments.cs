using System.Collections.Immutable;

namespace Mayu.Server.Configuration;

/// <summary>
/// The key <c>kernel_arguments</c>. A word is taken only if iPXE, GRUB, PXELINUX and U-Boot all hand exactly it to the kernel: which of them a
/// machine loads is not known here. What one of them would change is refused, with its name.
/// </summary>
internal static class KernelArguments
{
    /// <summary>The longest word, in characters.</summary>
    public const int LongestWord = 256;

    /// <summary>
    /// The longest list, in characters with a space between two words. A kernel takes 2,047 (x86 and arm64); Mayu's own words, and what GRUB and PXELINUX
    /// add, need up to 1,040 for a serial of 128 plain characters.
    /// </summary>
    public const int LongestLine = 1000;

    // What stands on the line already.
    private static readonly string[] Own = ["mayu.url=", "mayu.serial=", "BOOTIF="];

    // By their own word alone; inside another one they mean nothing.
    private static readonly string[] IpxeOperators = ["||", "&&", ";"];

    /// <summary>Asks for the list.</summary>
    public static ImmutableArray<string> Bind(ConfigurationSection root)
    {
        var words = root.List<string>(
            "kernel_arguments", "text", "More words for the discovery system's kernel line, such as `console=ttyS0,115200`; at most 1000 characters in total.", Parse);
        var length = words.Sum(word => word.Length + 1) - 1;
        if (length > LongestLine)
        {
            root.Problem("kernel_arguments", $"they have {length} characters including spaces; at most {LongestLine} are allowed, because Mayu's own arguments need the rest of the kernel line");
        }

        return [.. words];
    }

    private static bool Parse(string text, out string value, out string problem)
    {
        value = text;
        problem = Refusal(text) is { } reason ? $"is not allowed on a kernel line: {reason}" : "";
        return problem.Length == 0;
    }

    private static string? Refusal(string word) =>
        word.Length == 0 ? "it is empty"
        : Own.FirstOrDefault(own => word.StartsWith(own, StringComparison.Ordinal)) is { } mayus ? $"Mayu sets {mayus} itself for each machine"
        : word.Length > LongestWord ? $"it has {word.Length} characters; at most {LongestWord} are allowed"
        : word.Any(char.IsWhiteSpace) ? "it contains a space; write each argument as a separate entry"
        : word.Any(c => c is <= ' ' or >= '\u007f') ? "it has characters that are not printable ASCII, which loaders handle differently"
        : word[0] == '#' ? "iPXE treats a word that begins with # as a comment and drops the rest of the line"
        : IpxeOperators.Contains(word) ? $"iPXE treats the word {word} as the end of its command"
        : word.Contains("${", StringComparison.Ordinal) ? "iPXE and U-Boot expand a variable at ${"
        : word.Contains("$(", StringComparison.Ordinal) ? "U-Boot expands a variable at $("
        : word.Any(c => c is '\'' or '"' or '\\') ? "GRUB adds backslashes before quotes and backslashes, and U-Boot removes them"
        : HasMemoryWithin(word) ? "iPXE before 2023 takes mem= inside a word as the machine's memory size and finds no room for the initial RAM disk"
        : word.Contains("initrd=", StringComparison.Ordinal) ? "PXELINUX and the EFI kernel would load a file of that name instead of the image's initial RAM disk"
        : null;

    // iomem=relaxed does no harm: what is no number is passed over.
    private static bool HasMemoryWithin(string word)
    {
        var at = word.IndexOf("mem=", StringComparison.Ordinal);
        return at > 0 && at + "mem=".Length < word.Length && char.IsAsciiDigit(word[at + "mem=".Length]);
    }
}
