using Mayu.Core.Boot;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Mayu.Server.Configuration;
using Mayu.Server.Decisions;
using Mayu.Server.Images;
using Mayu.Server.Live;

namespace Mayu.Server.BootScripts;

/// <summary>Makes what loaders without a URL ask for by name: the boot answer as GRUB's and PXELINUX's configuration, and the paths of kernel and initial RAM disk.</summary>
internal sealed class ScriptRenderer(LiveConfiguration live, IMachineStore store, BootDecisions decisions, ClientTable clients)
{
    private const string ImagesFolder = "images";

    private MayuConfiguration Settings => live.Current.Settings;

    /// <summary>What somebody is told, in no loader's language yet.</summary>
    /// <param name="bootUrl">The boot listener as the machine reaches it.</param>
    /// <param name="who">Who it is, as far as that is known.</param>
    /// <param name="answer">What the machine gets.</param>
    /// <param name="tokens">Where its token comes from.</param>
    public BootScript Script(string bootUrl, ScriptClient who, BootAnswer answer, IBootTokenSource tokens)
    {
        var script = new BootScript
        {
            Answer = answer,
            BootUrl = bootUrl,
            Serial = who.Serial,
            BootMac = who.Mac,
            // Without a decision for the network a person at the menu may still choose the discovery system.
            Token = answer.BootsFromNetwork || Settings.Netboot.Pxe.Menu is not null ? tokens.Issue(OwnerOf(who, answer)) : null,
            Delivery = answer.TokenDelivery ?? Settings.Tokens.Delivery,
            KernelArguments = Settings.KernelArguments,
        };
        return WithNetwork(script);
    }

    /// <summary>A configuration that is made for whoever asks; null where the name is none of one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="tokens">Where its boot token comes from.</param>
    public RenderedScript? Render(string name, Ipv4 client, IBootTokenSource tokens) =>
        !ScriptName.TryParse(name, out var script) ? null
        : script.Language == ScriptLanguage.Ipxe ? new RenderedScript(script.Language, IpxeScript.Autoexec(BootUrlFor(client)))
        : Configuration(script, client, tokens);

    /// <summary>The absolute path of a kernel or an initial RAM disk; null where the name is none of one, or there is none.</summary>
    public string? PathOf(string name)
    {
        var parts = name.Split('/');
        if (parts[^1] is not (ImageStore.Kernel or ImageStore.Initrd))
        {
            return null;
        }

        if (parts.Length >= 2 && parts[^2] == ImagesFolder)
        {
            return live.Current.Images.Find(Settings.DiscoveryImage, parts[^1]);
        }

        if (parts.Length < 3 || parts[^3] != ImagesFolder || !Serial.TryParse(Uri.UnescapeDataString(parts[^2]), out var serial, out _))
        {
            return null;
        }

        var answer = decisions.AnswerFor(serial);
        return answer.BootsFromNetwork ? live.Current.Images.Find(answer.Image ?? Settings.DiscoveryImage, parts[^1]) : null;
    }

    // An address in a name is the sender's own, or nobody's: what was leased to it says who that is.
    private RenderedScript? Configuration(ScriptName name, Ipv4 client, IBootTokenSource tokens)
    {
        if (name.Address is { } address && address != client)
        {
            return null;
        }

        var mac = name.Mac ?? clients.Find(client);
        if (mac is null && name.Uuid is null)
        {
            return name.Address is not null ? null : new RenderedScript(name.Language, name.Language == ScriptLanguage.Grub
                ? GrubConfig.WhoAreYou()
                : PxelinuxConfig.Render(ScriptOf(name.Language, new ScriptClient(null, null, client), decisions.AnswerFor(ResolvedIdentity.Stranger), tokens)));
        }

        var identity = Identify(name, mac);
        var (serial, answer) = (identity.Machine?.Serial, decisions.AnswerFor(identity));
        var script = ScriptOf(name.Language, new ScriptClient(serial, mac, client), answer, tokens);
        var text = name.Language == ScriptLanguage.Grub ? GrubConfig.Render(script, Settings.Netboot.ServerAddressFor(client).ToString()) : PxelinuxConfig.Render(script);
        return new RenderedScript(name.Language, text) { Serial = serial, Answer = answer };
    }

    // A loader that tells its UUID alone is known by that, where its address is said to be another machine's: that is hearsay, and one forged
    // packet changes it. A card that no record has, or one without a UUID, says that the UUID may be a whole model's.
    private ResolvedIdentity Identify(ScriptName name, MacAddress? mac)
    {
        var claims = new DmiClaims(null, null, name.Uuid);
        var said = decisions.Identify(decisions.Rule.Read(claims, name.Mac));
        if (mac == name.Mac || (said.Machine is not null && mac is { } hearsay && decisions.IsKnownWithUuid(hearsay)))
        {
            return said;
        }

        var all = decisions.Rule.Read(claims, mac);
        return name.Uuid is null ? decisions.Identify(all) : decisions.IdentifyAfresh(all);
    }

    // PXELINUX's language is U-Boot's as well, which knows one initial RAM disk. A live system's config is issued by HTTP alone, and these two may have
    // TFTP only: by that they get a pointer, if its language has one.
    private BootScript ScriptOf(ScriptLanguage language, ScriptClient who, BootAnswer answer, IBootTokenSource tokens)
    {
        var script = Script(BootUrlFor(who.Address), who, answer, tokens);
        var loadsOneInitrd = language == ScriptLanguage.Pxelinux && !(who.Mac is { } mac && clients.HasPxelinux(mac));
        return script.Delivery != TokenDelivery.KernelLine && (loadsOneInitrd || answer.Provisioning is ProvisioningKind.CloudConfig or ProvisioningKind.Generic)
            ? WithNetwork(script with { Delivery = TokenDelivery.KernelLine })
            : script;
    }

    private BootTokenOwner OwnerOf(ScriptClient who, BootAnswer answer)
    {
        var record = !answer.IsForAnother && who.Serial is { } serial ? store.Current.Find(serial) : null;
        return new BootTokenOwner(who.Address, answer.IsForAnother ? null : who.Serial, who.Mac)
        {
            IsKnown = record is not null,
            HasItsAddress = record is not null && clients.Find(who.Address) is { } card && record.MacAddresses.Contains(card),
        };
    }

    private BootScript WithNetwork(BootScript script) =>
        script is { Delivery: TokenDelivery.KernelLine, Serial: { } serial, Answer: { Kind: BootAnswerKind.Live, Provisioning: ProvisioningKind.CloudInit } }
        && store.Current.Find(serial) is { } machine && live.Current.Settings.Cluster.FindProfile(machine.Profile) is { } profile
            ? script with { NetworkConfig = NetworkConfigWord.Of(live.Current, machine, profile, script) }
            : script;

    /// <summary>The boot listener as a client reaches it.</summary>
    public string BootUrlFor(Ipv4 client) => Settings.Netboot.BootUrlAt(Settings.Netboot.ServerAddressFor(client));
}
