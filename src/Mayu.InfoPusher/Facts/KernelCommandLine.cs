namespace Mayu.InfoPusher.Facts;

/// <summary>The words the kernel was started with.</summary>
/// <param name="text">What <c>/proc/cmdline</c> says.</param>
internal sealed class KernelCommandLine(string text)
{
    /// <summary>
    /// MAC address of the interface the machine booted from, lower case with colons, or null: <c>BOOTIF=</c>, as PXELINUX
    /// began to write it (hardware type 01, then the address, with dashes).
    /// </summary>
    public string? BootMacAddress
    {
        get
        {
            var value = Value("BOOTIF");
            return MacText.Normalize(value) ?? MacText.Normalize(value is { Length: > 3 } ? value[3..] : null);
        }
    }

    /// <summary>The value of the last <c>name=value</c>, or null.</summary>
    public string? Value(string name) => text
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .LastOrDefault(word => word.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..];
}
