using Mayu.Core.Boot;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Server.BootScripts;

/// <summary>
/// What a boot script has to say, before any loader's language. Serials stand in it percent-encoded (RFC 3986, unreserved characters
/// alone): so they mean nothing to a loader, a URL or a kernel line.
/// </summary>
internal sealed record BootScript
{
    /// <summary>What the machine gets.</summary>
    public required BootAnswer Answer { get; init; }

    /// <summary>The boot listener.</summary>
    public required string BootUrl { get; init; }

    /// <summary>The machine; null where the loader cannot tell its serial and nobody knows it. The discovery system then reads it itself.</summary>
    public Serial? Serial { get; init; }

    /// <summary>The interface it boots from; null when the loader did not say.</summary>
    public MacAddress? BootMac { get; init; }

    /// <summary>The boot token; null in an answer that boots nothing from the network.</summary>
    public string? Token { get; init; }

    /// <summary>Where the machine finds its token, and a live system its config.</summary>
    public TokenDelivery Delivery { get; init; }

    /// <summary>The network of a live system for cloud-init before 24.3, which does not fetch it: <c>network-config</c>, compressed, as Base64; null: not on the line.</summary>
    public string? NetworkConfig { get; init; }

    /// <summary>The operator's words for the kernel line, printable and without spaces.</summary>
    public required IReadOnlyCollection<string> KernelArguments { get; init; }

    /// <summary>Who it is for, in words that every language prints as they stand.</summary>
    public string Who => Serial is { } serial ? $"machine {Encoded(serial)}" : BootMac is { } mac ? $"machine {mac.ToHyphenated()}" : "an unknown machine";

    /// <summary>What happens now, in such words.</summary>
    public string What => Answer.Kind switch
    {
        BootAnswerKind.Install => $"installing {Who}",
        BootAnswerKind.Live => $"starting the live system of {Who}",
        BootAnswerKind.Discover => $"discovering {Who}",
        BootAnswerKind.Ignore => $"{Who} is disabled",
        _ => $"{Who} boots its own disk",
    };

    /// <summary>Where kernel and initial RAM disk are, below the boot listener and below TFTP's root alike.</summary>
    public string Images => Serial is { } serial && !Answer.IsForAnother ? $"images/{Encoded(serial)}" : "images";

    /// <summary>The initial RAM disk that carries the token, or a live system's config, below the boot listener and below TFTP's root alike; null: there is none.</summary>
    public string? BootInitrd => Token is not null && Delivery != TokenDelivery.KernelLine ? $"{BootInitrds.Folder}/{Token}/{BootInitrds.FileName}" : null;

    /// <summary>The kernel line but for the operator's words and <c>BOOTIF</c>: no word has a space or a quote.</summary>
    public IEnumerable<string> KernelWords()
    {
        yield return $"mayu.url={BootUrl}";
        var isOnLine = Token is not null && Delivery == TokenDelivery.KernelLine;
        if (isOnLine && Answer.Provisioning is null or ProvisioningKind.Generic)
        {
            yield return $"mayu.token={Token}";
        }

        if (Serial is not { } serial)
        {
            yield break;
        }

        yield return $"mayu.serial={Encoded(serial)}";
        foreach (var word in Answer.Kind != BootAnswerKind.Live ? [] : ConfigWords(isOnLine ? $"{BootUrl}/{BootInitrds.Folder}/{Token}" : null))
        {
            yield return word;
        }
    }

    // The words by which a live system of each kind finds its config.
    private IEnumerable<string> ConfigWords(string? folder) => Answer.Provisioning switch
    {
        ProvisioningKind.CloudConfig => folder is null ? [] : [$"cloud-config-url={folder}/config"],
        // cloud-init 22.4 knows no "nocloud" with a URL; its URL ends with a slash.
        ProvisioningKind.CloudInit => folder is null ? [] : [$"ds=nocloud-net;s={folder}/nocloud/", .. NetworkConfig is null ? (string[])[] : [$"network-config={NetworkConfig}"]],
        ProvisioningKind.Ignition =>
        [
            "ignition.firstboot", "ignition.platform.id=metal", "flatcar.first_boot=1",
            .. folder is null ? (string[])[] : [$"ignition.config.url={folder}/config", $"flatcar.config.url={folder}/config"],
        ],
        _ => [],
    };

    private static string Encoded(Serial serial) => Uri.EscapeDataString(serial.Text);
}

/// <summary>Who asks for a boot script, as far as that is known.</summary>
/// <param name="Serial">The machine, or what it would be called.</param>
/// <param name="Mac">The interface that it boots from.</param>
/// <param name="Address">The address that it asks from.</param>
internal readonly record struct ScriptClient(Serial? Serial, MacAddress? Mac, Ipv4 Address);
