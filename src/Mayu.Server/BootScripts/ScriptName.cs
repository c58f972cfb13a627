using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;

namespace Mayu.Server.BootScripts;

/// <summary>What the name of a boot script tells. Loaders ask for several, one after the other, below a folder of their own choice.</summary>
/// <param name="Language">Whose script it is.</param>
/// <param name="Mac">The interface that the name has.</param>
/// <param name="Uuid">The machine that the name has.</param>
/// <param name="Address">The address that the name has; it is the sender's own.</param>
internal sealed record ScriptName(ScriptLanguage Language, MacAddress? Mac = null, Guid? Uuid = null, Ipv4? Address = null)
{
    private const string Grub = "grub.cfg";

    /// <summary>Whether a file is PXELINUX itself, not its configuration.</summary>
    public static bool IsPxelinux(string name) => name.AsSpan(name.LastIndexOf('/') + 1) is "pxelinux.0" or "lpxelinux.0" or "gpxelinux.0";

    /// <summary>Reads the name of a file.</summary>
    /// <returns>False for a name of which there is no script: the loader goes on to its next one.</returns>
    public static bool TryParse(string name, [NotNullWhen(true)] out ScriptName? script)
    {
        var slash = name.LastIndexOf('/');
        var folder = name.AsSpan(0, slash + 1);
        var last = name.AsSpan(slash + 1);
        script = null;
        if (last is "autoexec.ipxe")
        {
            script = new ScriptName(ScriptLanguage.Ipxe);
        }
        else if (last is Grub)
        {
            script = new ScriptName(ScriptLanguage.Grub);
        }
        else if (last.StartsWith(Grub + "-", StringComparison.Ordinal))
        {
            script = OfMachine(ScriptLanguage.Grub, last[(Grub.Length + 1)..]);
        }
        else if (folder is PxelinuxNames.Folder || folder.EndsWith("/" + PxelinuxNames.Folder, StringComparison.Ordinal))
        {
            script = last is "default" ? new ScriptName(ScriptLanguage.Pxelinux) : OfMachine(ScriptLanguage.Pxelinux, last);
        }

        return script is not null;
    }

    private static ScriptName? OfMachine(ScriptLanguage language, ReadOnlySpan<char> who)
    {
        // 01 is the hardware type; GRUB's own variable for the MAC has colons.
        if (who.StartsWith("01-", StringComparison.Ordinal) && MacAddress.TryParse(who[3..], out var mac))
        {
            return new ScriptName(language, Mac: mac);
        }

        if (Guid.TryParseExact(who, "D", out var uuid))
        {
            return new ScriptName(language, Uuid: language == ScriptLanguage.Grub ? FromRawOrder(uuid) : uuid);
        }

        // The address is shortened digit by digit, to mean subnets: only the whole one means a machine.
        return who.Length == 8 && uint.TryParse(who, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var address)
            ? new ScriptName(language, Address: new Ipv4(address))
            : null;
    }

    // GRUB prints the bytes of option 97 as they lie on the wire, where the first three fields are little-endian.
    private static Guid FromRawOrder(Guid printed) => new(printed.ToByteArray(bigEndian: true));
}
