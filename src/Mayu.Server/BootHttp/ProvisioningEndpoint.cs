using System.Security.Cryptography;
using Mayu.Core.Assignment;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Primitives;
using Mayu.Server.Images;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.BootHttp;

/// <summary>
/// Facts in, provisioning config out: registers the machine, assigns its profile and address, and answers its config.
/// <c>/provisioning-config</c> answers in the language of the profile; the two older paths insist on theirs.
/// </summary>
internal static class ProvisioningEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, BootContext boot)
    {
        routes.MapPost("/provisioning-config", context => AnswerAsync(context, boot, only: null));
        routes.MapPost("/final-ignition-config.json", context => AnswerAsync(context, boot, ProvisioningKind.Ignition));
        routes.MapPost("/final-cloud-config.yaml", context => AnswerAsync(context, boot, ProvisioningKind.CloudConfig));
        routes.MapGet("/live-config/{serial}", context => LiveAsync(context, boot));
    }

    private static async Task AnswerAsync(HttpContext context, BootContext boot, ProvisioningKind? only)
    {
        if (await WireRequest.JsonAsync(context, Contracts.BootJsonContext.Default.FactsReport) is not { } report)
        {
            return;
        }

        if (!FactsReading.TryRead(report, boot.Decisions.Rule, out var facts, out var malformed))
        {
            await Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "The facts cannot be used", malformed);
            return;
        }

        if (await RegisterAsync(context, boot, facts) is not { } machine)
        {
            return;
        }

        var profile = boot.Configuration.Cluster.FindProfile(machine.Profile)!;
        if (only is { } language && profile.Provisioning != language)
        {
            await FailAsync(context, boot, machine.Serial, StatusCodes.Status409Conflict, $"Profile {profile.Name} of machine {machine.Serial} has another provisioning language than {context.Request.Path} answers.");
            return;
        }

        if (await InstallAsync(context, boot, machine, profile) is { } config)
        {
            await WriteAsync(context, boot, machine, profile, config);
        }
    }

    // A live system asks for its config at every boot. It has no disk on which the config could lie.
    private static async Task LiveAsync(HttpContext context, BootContext boot)
    {
        if (await WireRequest.SerialAsync(context) is not { } serial)
        {
            return;
        }

        var machine = boot.Store.Current.Find(serial);
        if (machine is null || boot.Decisions.AnswerFor(serial).Kind != BootAnswerKind.Live || boot.Configuration.Cluster.FindProfile(machine.Profile) is not { } profile)
        {
            await Problems.WriteAsync(context, StatusCodes.Status409Conflict, "No live system", $"Machine {serial} does not run a live system: {boot.Decisions.AnswerFor(serial).Reason}.");
            return;
        }

        if (await InstallAsync(context, boot, machine, profile) is { } config)
        {
            await WriteAsync(context, boot, machine, profile, config);
        }
    }

    private static async Task WriteAsync(HttpContext context, BootContext boot, Machine machine, Profile profile, ProvisioningConfig config)
    {
        boot.Trace.Mark(machine.Serial, HopKind.Config, $"{config.FileName} for profile {profile.Name}");
        // What the machine is called here, which its boot loader may not have known: it asks for its plan and its image by that name.
        context.Response.Headers[Contracts.BootHeaders.Serial] = Uri.EscapeDataString(machine.Serial.Text);
        context.Response.ContentType = config.ContentType;
        await context.Response.WriteAsync(config.Text, context.RequestAborted);
    }

    private static async Task<Machine?> RegisterAsync(HttpContext context, BootContext boot, FactsReceived facts)
    {
        // All that the hardware says: what somebody else said with its card before counts no more.
        boot.Decisions.Note(facts.Evidence);
        var machineId = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var now = boot.Clock.GetUtcNow();
        var before = Registration.Identify(boot.Store.Current, facts).Machine?.InternalAddress;
        var plan = boot.Occupied.Without(boot.Configuration.Cluster);
        var room = boot.Reports.Room();
        var outcome = await boot.Store.ChangeAsync(
            new Author($"machine {facts.Caller}"),
            snapshot => room.Limit(snapshot, Registration.Decide(snapshot, plan, facts, machineId, now)),
            context.RequestAborted);
        if (outcome.Machine is { } assigned && assigned.InternalAddress != before)
        {
            outcome = await boot.Occupied.SettleAsync(boot.Store, plan, assigned, context.RequestAborted);
        }

        // Of somebody who may be a machine and may be another no mark is that machine's.
        var name = outcome.Machine?.Serial ?? Registration.NameOf(boot.Store.Current, facts);
        foreach (var mac in facts.MacAddresses)
        {
            boot.Trace.Attribute(mac, name);
        }

        if (outcome.Refusal is { } refusal)
        {
            if (name is { } refused)
            {
                boot.Failed(refused, "facts", refusal.Summary ?? refusal.Detail);
            }

            await Problems.WriteAsync(context, refusal);
            return null;
        }

        var machine = outcome.Machine!;
        if (room.HeldBack)
        {
            boot.Log.HeldBack(machine.Serial, "facts");
        }

        var unwritten = room.HeldBack ? "; its facts changed too often and are not written down" : "";
        boot.Trace.Mark(machine.Serial, HopKind.Facts, $"profile {machine.Profile}, address {machine.InternalAddress}{unwritten}");
        boot.Log.Changed(machine.Serial, $"profile {machine.Profile}, address {machine.InternalAddress}");
        return machine;
    }

    // Nothing is promised before it can be kept: image and config are there before the machine counts as installing. Where
    // another request of the same machine came first, the installation is that one's, and the config is made again to tell so.
    private static async Task<ProvisioningConfig?> InstallAsync(HttpContext context, BootContext boot, Machine machine, Profile profile)
    {
        var installId = RandomNumberGenerator.GetHexString(32, lowercase: true);
        if (await RenderAsync(context, boot, machine with { InstallId = installId }, profile) is not { } config
            || await EnterInstallingAsync(context, boot, machine.Serial, profile, installId) is not { } installing)
        {
            return null;
        }

        return installing.InstallId == installId ? config : await RenderAsync(context, boot, installing, profile);
    }

    private static async Task<ProvisioningConfig?> RenderAsync(HttpContext context, BootContext boot, Machine machine, Profile profile)
    {
        try
        {
            return boot.ProvisionerFor(context).Config(machine, profile, ImageOf(boot, profile));
        }
        catch (ImageMissingException e)
        {
            await FailAsync(context, boot, machine.Serial, StatusCodes.Status503ServiceUnavailable, $"Profile {profile.Name}: {e.Message}.");
        }
        catch (TemplateException e)
        {
            await FailAsync(context, boot, machine.Serial, StatusCodes.Status503ServiceUnavailable, $"Profile {profile.Name}: {e.Message}");
        }

        return null;
    }

    /// <summary>What of its image a profile needs; checked to be there.</summary>
    internal static InstallImage? ImageOf(BootContext boot, Profile profile)
    {
        if (profile.Mode == ProfileMode.Install)
        {
            return boot.Images.InstallImage(profile.Image);
        }

        boot.Images.PathOf(profile.Image, ImageStore.Kernel);
        boot.Images.PathOf(profile.Image, ImageStore.Initrd);
        return new InstallImage(profile.Image, profile.Image, 0, "");
    }

    private static async Task<Machine?> EnterInstallingAsync(HttpContext context, BootContext boot, Serial serial, Profile profile, string installId)
    {
        var now = boot.Clock.GetUtcNow();
        var outcome = await boot.Store.ChangeAsync(
            Author.Of(serial),
            snapshot => snapshot.Find(serial) is { } machine
                ? Enter(machine, profile, installId, now)
                : Proposal.Refused(RefusalReason.NotFound, $"Machine {serial} was deleted meanwhile."),
            context.RequestAborted);
        if (outcome.Refusal is { } refusal)
        {
            boot.Failed(serial, "config", refusal.Detail);
            await Problems.WriteAsync(context, refusal);
        }

        return outcome.Machine;
    }

    /// <summary>The change that goes with a config: pure, so that <c>explain</c> can ask whether it would be made.</summary>
    internal static Proposal Enter(Machine machine, Profile profile, string installId, DateTimeOffset now) => profile.Mode == ProfileMode.Live
        ? Lifecycle.LiveConfigFetched(machine, profile.Image, installId, now)
        : Lifecycle.ConfigFetched(machine, profile.Image, installId, now);

    private static Task FailAsync(HttpContext context, BootContext boot, Serial serial, int status, string detail)
    {
        boot.Failed(serial, "config", detail);
        return Problems.WriteAsync(context, status, "No config for this machine", detail);
    }
}
