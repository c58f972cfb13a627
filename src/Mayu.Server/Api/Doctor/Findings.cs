using Mayu.Client.Contracts;
using Mayu.Primitives;

namespace Mayu.Server.Api.Doctor;

/// <summary>What one check found.</summary>
/// <param name="id">The check.</param>
internal sealed class Findings(string id)
{
    // A thousand broken records are one cause.
    private const int Most = 20;

    private readonly List<DoctorFinding> _all = [];
    private int _more;

    /// <summary>Some machines, or all, do not get what they need.</summary>
    public void Error(string what, string? remedy = null) => Add(DoctorFinding.Error, what, remedy);

    /// <summary>An operator should look at it.</summary>
    public void Warn(string what, string? remedy = null) => Add(DoctorFinding.Warning, what, remedy);

    /// <summary>It could not be checked.</summary>
    public void Unknown(string what, string? remedy = null) => Add(DoctorFinding.Unknown, what, remedy);

    /// <summary>All of them; what is well where there are none.</summary>
    /// <param name="fine">What is well, as a sentence.</param>
    public IReadOnlyList<DoctorFinding> OrFine(string fine)
    {
        if (_all.Count == 0)
        {
            Add(DoctorFinding.Ok, fine, remedy: null);
        }

        return _more == 0 ? _all : [.. _all, new DoctorFinding { Id = id, Status = _all.Any(one => one.Status == DoctorFinding.Error) ? DoctorFinding.Error : DoctorFinding.Warning, What = $"and {Counted.Of(_more, "more finding")}" }];
    }

    private void Add(string status, string what, string? remedy)
    {
        if (_all.Count == Most)
        {
            _more++;
        }
        else
        {
            _all.Add(new DoctorFinding { Id = id, Status = status, What = what, Remedy = remedy });
        }
    }
}
