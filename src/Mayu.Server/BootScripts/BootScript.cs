using Mayu.Core.Boot;
using Mayu.Core.Profiles;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Mayu.Server.Configuration;

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
    public string? BootInitrd => Token is not null && Delivery == TokenDelivery.Initrd ? $"{BootInitrds.Folder}/{Token}/{BootInitrds.FileName}" : null;

    /// <summary>The kernel line but for the operator's words and <c>BOOTIF</c>: no word has a space or a quote.</summary>
    public IEnumerable<string> KernelWords()
    {
        yield return $"mayu.url={BootUrl}";
        if (Token is not null && Delivery == TokenDelivery.KernelLine && Answer.Kind != BootAnswerKind.Live)
        {
            yield return $"mayu.token={Token}";
        }

        if (Serial is not { } serial)
        {
            yield break;
        }

        yield return $"mayu.serial={Encoded(serial)}";
        if (Answer.Kind == BootAnswerKind.Live)
        {
            // The words by which Ignition's own systems, Flatcar, and systems with a CoreOS cloud-config find their config. A kernel
            // hands words that it does not know to init, so each system takes its own.
            yield return "ignition.firstboot";
            yield return "ignition.platform.id=metal";
            yield return "flatcar.first_boot=1";
            if (Delivery == TokenDelivery.KernelLine)
            {
                var config = $"{BootUrl}/{BootInitrds.Folder}/{Token}/config";
                yield return $"ignition.config.url={config}";
                yield return $"flatcar.config.url={config}";
                yield return $"cloud-config-url={config}";
                // cloud-init 22.4 knows no "nocloud" with a URL; its URL ends with a slash.
                yield return $"ds=nocloud-net;s={BootUrl}/{BootInitrds.Folder}/{Token}/nocloud/";
            }
        }
    }

    /// <summary>What somebody is told.</summary>
    /// <param name="configuration">The kernel line's words, and where tokens go.</param>
    /// <param name="bootUrl">The boot listener as the machine reaches it.</param>
    /// <param name="who">Who it is, as far as that is known.</param>
    /// <param name="answer">What the machine gets.</param>
    /// <param name="tokens">Where its token comes from.</param>
    public static BootScript Of(MayuConfiguration configuration, string bootUrl, ScriptClient who, BootAnswer answer, IBootTokenSource tokens) => new()
    {
        Answer = answer,
        BootUrl = bootUrl,
        Serial = who.Serial,
        BootMac = who.Mac,
        // Without a decision for the network a person at the menu may still choose the discovery system.
        Token = answer.BootsFromNetwork || configuration.Netboot.Pxe.Menu is not null ? tokens.Issue(answer.IsForAnother ? null : who.Serial, who.Mac, who.Address) : null,
        Delivery = answer.TokenDelivery ?? configuration.Tokens.Delivery,
        KernelArguments = configuration.KernelArguments,
    };

    private static string Encoded(Serial serial) => Uri.EscapeDataString(serial.Text);
}

/// <summary>Who asks for a boot script, as far as that is known.</summary>
/// <param name="Serial">The machine, or what it would be called.</param>
/// <param name="Mac">The interface that it boots from.</param>
/// <param name="Address">The address that it asks from.</param>
internal readonly record struct ScriptClient(Serial? Serial, MacAddress? Mac, Ipv4 Address);
