using Mayu.Server.Auth;
using Mayu.Server.Live;
using Mayu.Server.Preflight;

namespace Mayu.Server.Api.Doctor;

/// <summary>The certificate of the API: the one in use, and the one that the next start will read.</summary>
internal sealed class CertificateCheck(LiveConfiguration live, ServerCertificate certificate, Func<MachineNeeds> needs) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Id => "certificate";

    /// <inheritdoc/>
    public Task<string> LookAsync(Findings findings, CancellationToken cancellation)
    {
        if (!live.Current.Settings.ApiUsesTls)
        {
            return Task.FromResult("the API is plain HTTP and has none");
        }

        if (certificate.Remark is { } remark)
        {
            if (certificate.IsValid)
            {
                findings.Warn(remark);
            }
            else
            {
                findings.Error(remark);
            }
        }

        foreach (var (key, problem) in needs().OfCertificate())
        {
            findings.Error($"{key}: {problem}", "Put the certificate and its key back, both PEM.");
        }

        return Task.FromResult($"the API's certificate is valid until {certificate.Validity.Until:yyyy-MM-dd}");
    }
}
