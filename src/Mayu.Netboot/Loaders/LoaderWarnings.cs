using Mayu.Protocols.Pxe;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Loaders;

/// <summary>Tells at the start which boot loaders machines will not get.</summary>
internal static partial class LoaderWarnings
{
    /// <summary>
    /// Racks of ARM machines are few, and Debian has no loader for some architectures: that is worth one line, and a warning only
    /// where a machine of the usual kinds would not boot.
    /// </summary>
    /// <param name="loaders">What each architecture is told.</param>
    /// <param name="isThere">Whether TFTP has a file.</param>
    /// <param name="root">The TFTP root, for the message.</param>
    /// <param name="logger">Where it is told.</param>
    public static void Tell(IReadOnlyDictionary<ClientArchitecture, BootFile> loaders, Func<string, bool> isThere, string? root, ILogger logger)
    {
        var missing = Missing(loaders, isThere);
        foreach (var (_, loader) in missing.Where(pair => IsUsual(pair.Key)))
        {
            LogMissingLoader(logger, loader.Name, root ?? "(none)");
        }

        var others = missing.Where(pair => pair.Key is not (ClientArchitecture.BiosX86 or ClientArchitecture.UefiX64 or ClientArchitecture.UefiByteCode)).ToList();
        if (others.Count > 0)
        {
            var names = string.Join(", ", others.Select(pair => $"{ClientArchitectureName.Of(pair.Key)} ({pair.Value})"));
            LogOtherLoaders(logger, names);
        }
    }

    /// <summary>The loaders of the usual kinds of machines that are missing, by name.</summary>
    /// <inheritdoc cref="Tell"/>
    public static IEnumerable<string> MissingUsual(IReadOnlyDictionary<ClientArchitecture, BootFile> loaders, Func<string, bool> isThere) =>
        Missing(loaders, isThere).Where(pair => IsUsual(pair.Key)).Select(pair => pair.Value.Name).Distinct(StringComparer.Ordinal);

    // U-Boot does without its script.
    private static List<KeyValuePair<ClientArchitecture, BootFile>> Missing(IReadOnlyDictionary<ClientArchitecture, BootFile> loaders, Func<string, bool> isThere) =>
        [.. loaders.Where(pair => !pair.Value.IsHttpBoot && pair.Value.Name != LoaderFiles.UBootScript && !isThere(pair.Value.Name))];

    private static bool IsUsual(ClientArchitecture architecture) => architecture is ClientArchitecture.BiosX86 or ClientArchitecture.UefiX64;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The boot loader {Loader} is neither in the TFTP root {Root} nor installed: install Debian's package for it (docs/boot-loaders.md lists them), or put it there")]
    private static partial void LogMissingLoader(ILogger logger, string loader, string root);

    [LoggerMessage(Level = LogLevel.Information, Message = "There is no boot loader for the architectures {Architectures}; if you have such machines, put one into the TFTP root")]
    private static partial void LogOtherLoaders(ILogger logger, string architectures);
}
